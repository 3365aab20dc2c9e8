//! An SMTP session that asks and sends nothing: greeting, EHLO, whether `postmaster` would be taken,
//! STARTTLS with the certificate, and where it is asked for whether strangers may relay; then `RSET`
//! and `QUIT`. Never `DATA`.

use super::{
    super::{
        GreetReply, NoAnswer,
        session::{Broken, Session, Tls, Told},
    },
    Patience,
    conversation::Conversation,
    older,
    tcp::{self, NotOpened},
    tls::{self, Trust},
};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

/// How long the answer to `QUIT` is waited for.
const FAREWELL: Duration = Duration::from_secs(1);
/// Sender and recipient of the relay test: names that are nobody's (RFC 2606).
const STRANGERS: [&str; 2] = ["stranger@example.com", "stranger@example.org"];

/// How far a session goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Talk {
    /// The greeting, and away: where nobody ought to listen.
    Greeting,
    /// EHLO, postmaster, STARTTLS.
    #[default]
    Session,
    /// And whether a stranger may relay to a stranger.
    Relay,
}

/// What an SMTP port at an address says.
pub async fn open(at: SocketAddr, talk: Talk, patience: &Patience) -> GreetReply {
    let end = Instant::now() + patience.session;
    let stream = match tcp::connect(at, patience.connect).await {
        Ok(stream) => stream,
        Err(NotOpened::Refused) => return GreetReply::Refused,
        Err(NotOpened::None(why)) => return GreetReply::None(why),
    };
    let own = stream.local_addr().map_or(IpAddr::from([127, 0, 0, 1]), |own| own.ip());
    let mut reply = hold(stream, own, talk, patience, end).await;
    if let GreetReply::Talked(session) = &mut reply
        && let Tls::NoHandshake { why, old: true } = &session.tls
        && let Some(version) = outdated(at, own, patience, end).await
    {
        session.tls = Tls::Outdated { why: why.clone(), version };
    }
    reply
}

/// Which version before TLS 1.2 a server speaks whose handshake failed, by a second session.
async fn outdated(
    at: SocketAddr,
    own: IpAddr,
    patience: &Patience,
    end: Instant,
) -> Option<String> {
    let stream = tcp::connect(at, patience.connect).await.ok()?;
    let mut conversation = Conversation::new(stream, end);
    conversation.greeting(patience.greeting).await.ok()?;
    for command in [hello(own), "STARTTLS".to_owned()] {
        let reply = conversation.say(&command, patience.greeting).await.ok()?;
        reply.is_yes().then_some(())?;
    }
    older::version(conversation.into_inner(), end).await
}

/// The command that greets, with the address that it comes from.
fn hello(own: IpAddr) -> String {
    match own {
        IpAddr::V4(v4) => format!("EHLO [{v4}]"),
        IpAddr::V6(v6) => format!("EHLO [IPv6:{v6}]"),
    }
}

/// Holds a session over a stream that is open; `own` is the address that EHLO names, `end` when all
/// has to be over.
pub async fn hold<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    own: IpAddr,
    talk: Talk,
    patience: &Patience,
    end: Instant,
) -> GreetReply {
    let mut conversation = Conversation::new(stream, end);
    let greeting = match conversation.greeting(patience.greeting).await {
        Ok(line) => line,
        Err(why) => {
            conversation.leave(FAREWELL).await;
            return match why {
                NoAnswer::TimedOut => GreetReply::Mute,
                other => GreetReply::None(other),
            };
        }
    };
    if talk == Talk::Greeting || !greeting.starts_with("220") {
        conversation.leave(FAREWELL).await;
        return GreetReply::Said(greeting);
    }
    let mut session = Session::greeted(greeting);
    let hello = hello(own);
    let told = conversation.say(&hello, patience.greeting).await;
    let is_welcome = matches!(&told, Ok(reply) if reply.is_yes());
    session.hello = Some(told);
    if !is_welcome {
        conversation.leave(FAREWELL).await;
        return GreetReply::Talked(Box::new(session));
    }
    if !recipients(&mut conversation, &mut session, talk, patience).await {
        // Nothing more is heard here, and no second verdict is made of it.
        return GreetReply::Talked(Box::new(session));
    }
    if session.extension("STARTTLS").is_none() {
        session.tls = Tls::NotOffered;
        conversation.leave(FAREWELL).await;
        return GreetReply::Talked(Box::new(session));
    }
    encrypted(conversation, &hello, &mut session, talk, patience, end).await;
    GreetReply::Talked(Box::new(session))
}

/// Asks for STARTTLS and goes on under TLS.
async fn encrypted<S: AsyncRead + AsyncWrite + Unpin>(
    mut conversation: Conversation<S>,
    hello: &str,
    session: &mut Session,
    talk: Talk,
    patience: &Patience,
    end: Instant,
) {
    match conversation.say("STARTTLS", patience.greeting).await {
        Ok(reply) if reply.code == 220 => {}
        Ok(reply) => {
            session.tls = Tls::Refused(reply);
            conversation.leave(FAREWELL).await;
            return;
        }
        Err(broken) => {
            session.tls = Tls::Broken(broken);
            return;
        }
    }
    if conversation.holds_more() {
        // RFC 3207 section 4.2: what came in clear text must not be taken for what comes encrypted.
        let why = "clear text was injected after the answer to STARTTLS: somebody on the way \
                   interferes, or the server confuses its buffers";
        session.tls = Tls::Broken(Broken::Wrong(why.to_owned()));
        return;
    }
    let name = session.greeting.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let (stream, trust) = (conversation.into_inner(), Trust::default());
    let shaken = tls::handshake(stream, &name, patience.greeting, end, &trust).await;
    let (stream, mut secured) = match shaken {
        Ok(shaken) => shaken,
        Err(tls) => {
            session.tls = tls;
            return;
        }
    };
    let mut conversation = Conversation::new(stream, end);
    secured.hello = conversation.say(hello, patience.greeting).await;
    let goes_on = secured.hello.as_ref().is_ok_and(super::super::session::Reply::is_yes);
    session.tls = Tls::Secured(Box::new(secured));
    let wants_tls = |told: &Option<Told>| matches!(told, Some(Ok(reply)) if reply.code == 530);
    if goes_on
        && wants_tls(&session.postmaster)
        && !recipients(&mut conversation, session, talk, patience).await
    {
        return;
    }
    conversation.leave(FAREWELL).await;
}

/// Asks whether recipients would be taken; false: the session broke off.
async fn recipients<S: AsyncRead + AsyncWrite + Unpin>(
    conversation: &mut Conversation<S>,
    session: &mut Session,
    talk: Talk,
    patience: &Patience,
) -> bool {
    let told = recipient(conversation, "", "postmaster", patience).await;
    let mut goes_on = told.is_ok();
    session.postmaster = Some(told);
    if goes_on && talk == Talk::Relay {
        let [from, to] = STRANGERS;
        let told = recipient(conversation, from, to, patience).await;
        goes_on = told.is_ok();
        session.relay = Some(told);
    }
    goes_on
}

/// The reply to one recipient; to the sender where that one is not taken.
async fn recipient<S: AsyncRead + AsyncWrite + Unpin>(
    conversation: &mut Conversation<S>,
    from: &str,
    to: &str,
    patience: &Patience,
) -> Told {
    let sender = conversation.say(&format!("MAIL FROM:<{from}>"), patience.greeting).await?;
    if !sender.is_yes() {
        return Ok(sender);
    }
    let told = conversation.say(&format!("RCPT TO:<{to}>"), patience.greeting).await?;
    conversation.say("RSET", patience.greeting).await?;
    Ok(told)
}
