//! Opens the rehearsal's sockets on loopback and serves.
#![expect(clippy::disallowed_methods, reason = "this is where the rehearsal serves")]

use super::{Stage, Voice, dns, smtp, zones::Answers};
use crate::model::Topology;
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::net::{TcpListener, TcpSocket, UdpSocket};

/// How often another port is tried where the same one is not free for UDP and TCP.
const TRIES: usize = 20;

/// What a socket is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The public DNS.
    Outside,
    /// What an audience inside is told.
    Inside(Voice),
    /// A listener with its name and server, in place of a planned address.
    Listener {
        /// The planned address and port.
        at: SocketAddr,
        /// The name that it greets with.
        name: String,
        /// The server's id.
        server: String,
    },
    /// Refuses connections in place of a planned address where nobody listens.
    Silent(SocketAddr),
}

/// A socket that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// Where.
    pub address: SocketAddr,
    /// What for.
    pub what: What,
}

/// The rehearsal, as long as it lives.
#[derive(Debug)]
pub struct Rehearsal {
    /// Its sockets, in the order of their ports.
    pub sockets: Vec<Socket>,
    /// Sockets that are bound and do not listen, so that nobody else gets their ports.
    _shut: Vec<TcpSocket>,
}

/// Gives out the ports.
struct Ports(Option<u16>);

impl Ports {
    /// The next address: after the one before, or whichever the system gives.
    fn next(&mut self) -> io::Result<SocketAddr> {
        let port = self.0.unwrap_or(0);
        if let Some(port) = &mut self.0 {
            *port = port.checked_add(1).ok_or_else(|| io::Error::other("no port is left"))?;
        }
        Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }
}

/// Opens all sockets and serves them in tasks of this runtime. Ports count from `base`; without one
/// the system chooses them.
///
/// # Errors
/// When a port is taken.
pub async fn open(topology: &Topology, stage: &Stage, base: Option<u16>) -> io::Result<Rehearsal> {
    let mut ports = Ports(base);
    let mut sockets = Vec::new();
    let answers = Arc::new(Answers::new(topology, &stage.voices));
    for (at, voice) in stage.voices.iter().enumerate() {
        let (tcp, udp) = both(&mut ports).await?;
        let what = if at == 0 { What::Outside } else { What::Inside(voice.clone()) };
        sockets.push(Socket { address: tcp.local_addr()?, what });
        tokio::spawn(dns::over_udp(udp, at, Arc::clone(&answers)));
        tokio::spawn(dns::over_tcp(tcp, at, Arc::clone(&answers)));
    }
    for listener in &stage.listeners {
        let socket = named(ports.next()?, TcpListener::bind).await?;
        let (at, name, server) = (listener.at, listener.name.clone(), listener.server.clone());
        let greets = Arc::from(name.as_str());
        let address = socket.local_addr()?;
        sockets.push(Socket { address, what: What::Listener { at, name, server } });
        // A name that can stand in no certificate is greeted with all the same.
        let tls = smtp::throw_away(&listener.name).ok();
        tokio::spawn(smtp::greet(socket, greets, tls));
    }
    let mut shut = Vec::new();
    for at in &stage.silent {
        let address = ports.next()?;
        let socket = TcpSocket::new_v4()?;
        socket.bind(address).map_err(|error| taken(address, &error))?;
        sockets.push(Socket { address: socket.local_addr()?, what: What::Silent(*at) });
        shut.push(socket);
    }
    Ok(Rehearsal { sockets, _shut: shut })
}

/// One port over TCP and UDP.
async fn both(ports: &mut Ports) -> io::Result<(TcpListener, UdpSocket)> {
    let fixed = ports.0.is_some();
    let mut failed = None;
    for _ in 0..TRIES {
        let tcp = named(ports.next()?, TcpListener::bind).await?;
        match named(tcp.local_addr()?, UdpSocket::bind).await {
            Ok(udp) => return Ok((tcp, udp)),
            Err(error) if fixed => return Err(error),
            Err(error) => failed = Some(error),
        }
    }
    Err(failed.unwrap_or_else(|| io::Error::other("no port is free for UDP and TCP")))
}

async fn named<T, F: Future<Output = io::Result<T>>>(
    address: SocketAddr,
    bind: impl FnOnce(SocketAddr) -> F,
) -> io::Result<T> {
    bind(address).await.map_err(|error| taken(address, &error))
}

fn taken(address: SocketAddr, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{address} cannot be served: {error}"))
}
