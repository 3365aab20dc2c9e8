//! `bridgehead rehearse`: the plan's zones and listeners on loopback, until it is stopped.
#![expect(clippy::print_stdout, reason = "what is open is told before it is served, not after")]

use super::{Answer, Exit, Format, plan};
use crate::{
    model::unfold::unfold,
    net::world::Inputs,
    rehearsal::{
        serve::{self, Rehearsal, Socket, What},
        stage,
    },
};
use serde_json::{Value, json};
use std::{
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The phase's number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// The first port; the others follow. Default: whichever are free
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u16).range(1..))]
    port_base: Option<u16>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Serves until it is stopped by Ctrl-C.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let topology = &unfold(&project)[phase];
    let staged = stage(topology, &Inputs::of(&project));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let rehearsal = serve::open(topology, &staged, args.port_base).await?;
        tell(&rehearsal, args, phase)?;
        tokio::signal::ctrl_c().await?;
        anyhow::Ok(())
    })?;
    // Everything was said already.
    Ok(Answer { json: Value::Null, text: String::new(), exit: Exit::Fine })
}

fn tell(rehearsal: &Rehearsal, args: &Args, phase: usize) -> anyhow::Result<()> {
    let commands = commands(&rehearsal.sockets, &args.plan, phase);
    match args.format {
        Format::Text => {
            for socket in &rehearsal.sockets {
                println!("{}", line(socket));
            }
            for command in &commands {
                println!("probe it with: bridgehead {}", command.join(" "));
            }
        }
        Format::Json => {
            let sockets: Vec<Value> = rehearsal.sockets.iter().map(socket_json).collect();
            println!("{:#}", json!({ "sockets": sockets, "probe": commands }));
        }
    }
    Ok(std::io::stdout().flush()?)
}

fn line(socket: &Socket) -> String {
    let address = socket.address;
    match &socket.what {
        What::Outside => format!("dns  {address}  outside: the public DNS"),
        What::Inside(voice) => {
            let list = |ids: Vec<String>| match ids.join(", ") {
                none if none.is_empty() => "nobody".to_owned(),
                some => some,
            };
            let views = list(voice.views.iter().map(ToString::to_string).collect());
            let sites = list(voice.sites.iter().map(ToString::to_string).collect());
            format!("dns  {address}  view {views}: what the hosts of {sites} are told")
        }
        What::Listener { at, name, server } => {
            format!("smtp {address}  {name} ({server}), in place of {at}")
        }
        What::Silent(at) => format!("shut {address}  in place of {at}: no listener is planned"),
    }
}

fn socket_json(socket: &Socket) -> Value {
    let address = socket.address.to_string();
    match &socket.what {
        What::Outside => json!({ "kind": "dns", "address": address, "side": "outside" }),
        What::Inside(voice) => json!({
            "kind": "dns",
            "address": address,
            "side": "inside",
            "views": voice.views.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "sites": voice.sites.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
        What::Listener { at, name, server } => json!({
            "kind": "smtp",
            "address": address,
            "planned": at.to_string(),
            "name": name,
            "server": server,
        }),
        What::Silent(at) => {
            json!({ "kind": "shut", "address": address, "planned": at.to_string() })
        }
    }
}

/// The commands that probe the rehearsal, one for each audience.
fn commands(sockets: &[Socket], plan: &Path, phase: usize) -> Vec<Vec<String>> {
    let outside = sockets.iter().find(|socket| socket.what == What::Outside);
    let mut maps = Vec::new();
    let mut map = |at: &SocketAddr, to: SocketAddr| {
        maps.extend(["--map".to_owned(), format!("{at}={to}")]);
    };
    let mut audiences = Vec::new();
    for socket in sockets {
        match &socket.what {
            What::Listener { at, .. } | What::Silent(at) => map(at, socket.address),
            What::Inside(voice) if !voice.sites.is_empty() => {
                audiences.push((socket.address, &voice.sites));
            }
            What::Inside(_) | What::Outside => {}
        }
    }
    let begin = |inside: Option<SocketAddr>| {
        let mut command = vec!["probe".to_owned(), plan.display().to_string()];
        command.extend(["--phase".to_owned(), phase.to_string(), "--smtp".to_owned()]);
        for (option, address) in [("--inside", inside), ("--outside", outside.map(|o| o.address))] {
            command.extend(address.iter().flat_map(|to| [option.to_owned(), to.to_string()]));
        }
        command.extend(maps.iter().cloned());
        command
    };
    match audiences.as_slice() {
        [] => vec![begin(None)],
        [(address, _)] => vec![begin(Some(*address))],
        several => several
            .iter()
            .flat_map(|(address, sites)| sites.iter().map(move |site| (*address, site)))
            .map(|(address, site)| {
                let mut command = begin(Some(address));
                command.extend(["--from".to_owned(), site.to_string()]);
                command
            })
            .collect(),
    }
}
