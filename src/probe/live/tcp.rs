//! TCP connections, and what the system says when one does not open.

use super::super::NoAnswer;
use std::{io, net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};

/// Why a connection did not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// The host refused it: nobody listens on that port.
    Refused,
    /// There was no answer.
    None(NoAnswer),
}

/// Opens a connection.
///
/// # Errors
/// Why it did not open.
#[expect(clippy::disallowed_methods, reason = "this is where client sockets are opened")]
pub async fn connect(at: SocketAddr, patience: Duration) -> Result<TcpStream, NotOpened> {
    match timeout(patience, TcpStream::connect(at)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Err(NotOpened::Refused)
        }
        Ok(Err(error)) => Err(NotOpened::None(no_answer(&error))),
        Err(_) => Err(NotOpened::None(NoAnswer::TimedOut)),
    }
}

/// What an error of the system means.
pub fn no_answer(error: &io::Error) -> NoAnswer {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::TimedOut | Kind::WouldBlock => NoAnswer::TimedOut,
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => NoAnswer::NoRoute,
        Kind::AddrNotAvailable => NoAnswer::NoRoute,
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::UnexpectedEof => NoAnswer::Closed,
        _ => NoAnswer::Network(error.to_string()),
    }
}
