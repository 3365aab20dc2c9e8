//! Name servers of the rehearsal: one port a voice, over UDP and TCP.

use super::zones::Answers;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
    time::timeout,
};

/// How long a TCP connection may be idle.
const IDLE: Duration = Duration::from_secs(30);

/// Answers over UDP until the end.
pub async fn over_udp(socket: UdpSocket, voice: usize, answers: Arc<Answers>) {
    let mut packet = [0; 4096];
    loop {
        // An error tells of a peer that has gone away; there are others.
        let Ok((read, peer)) = socket.recv_from(&mut packet).await else { continue };
        if let Some(answer) = answers.answer(voice, &packet[..read], true) {
            drop(socket.send_to(&answer, peer).await);
        }
    }
}

/// Answers over TCP until the end.
pub async fn over_tcp(listener: TcpListener, voice: usize, answers: Arc<Answers>) {
    while let Ok((stream, _)) = listener.accept().await {
        let answers = Arc::clone(&answers);
        tokio::spawn(async move { drop(converse(stream, voice, &answers).await) });
    }
}

async fn converse(mut stream: TcpStream, voice: usize, answers: &Answers) -> std::io::Result<()> {
    while let Ok(length) = timeout(IDLE, stream.read_u16()).await {
        let mut packet = vec![0; usize::from(length?)];
        stream.read_exact(&mut packet).await?;
        let Some(answer) = answers.answer(voice, &packet, false) else { break };
        let Ok(length) = u16::try_from(answer.len()) else { break };
        let mut framed = length.to_be_bytes().to_vec();
        framed.extend(answer);
        stream.write_all(&framed).await?;
    }
    Ok(())
}
