//! The command line: a contract in names, JSON and exit codes.
//!
//! One file a subcommand, each with its arguments and a `run`; [`Command`] is the table. Every
//! answer is made once as data and then printed as text or JSON. Exit codes: 0 done and well, 1 done
//! and something is broken, 2 not done, 3 done and something cannot be told.
#![expect(clippy::print_stderr, reason = "errors and notes are for people at a terminal")]

/// Adds a line to a text.
macro_rules! say {
    ($text:expr, $($part:tt)*) => {{
        $text.push_str(&format!($($part)*));
        $text.push('\n');
    }};
}

mod check;
mod collector;
mod diff;
mod evidence;
mod explain;
mod export;
mod faults;
mod fix;
mod matrix;
mod new;
mod outage;
pub(crate) mod plan;
pub(crate) mod printing;
mod probe;
mod progress;
mod rehearse;
mod report;
mod symbols;
mod templates;
mod trace;
mod watch;

use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
use serde_json::Value;
use std::{io::Write as _, path::PathBuf, process::ExitCode};

/// Draw a client's mail system, prove that the mail will flow, plan the migration.
#[derive(Parser)]
#[command(name = "bridgehead", version, about, args_conflicts_with_subcommands = true)]
struct Cli {
    /// What to do; nothing opens the window
    #[command(subcommand)]
    command: Option<Command>,
    /// A plan to open in the window
    plan: Option<PathBuf>,
}

/// The subcommands.
#[derive(Subcommand)]
enum Command {
    /// List the templates
    Templates(templates::Args),
    /// Make a plan from a template
    New(new::Args),
    /// Check a plan: findings and promises
    Check(check::Args),
    /// Apply the fix of a finding
    Fix(fix::Args),
    /// Follow a message hop by hop
    Trace(trace::Args),
    /// What becomes of mail between all pairs
    Matrix(matrix::Args),
    /// What every failure loses, and the single points of failure
    Faults(faults::Args),
    /// An outage on a clock: who keeps which mail, and what is returned
    Outage(outage::Args),
    /// Print the handover
    Report(report::Args),
    /// A rule's article, or what a symptom points to
    Explain(explain::Args),
    /// Write a plan in a form for other programs
    Export(export::Args),
    /// Compare two plans
    Diff(diff::Args),
    /// Hold the live network against the plan
    Probe(probe::Args),
    /// Take evidence gathered elsewhere into the plan
    Evidence(evidence::Args),
    /// Write a read-only PowerShell script that asks a site's questions
    Collector(collector::Args),
    /// Poll name servers during a cut-over until they agree with the plan
    Watch(watch::Args),
    /// Serve the plan's zones and listeners on loopback until stopped
    Rehearse(rehearse::Args),
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// What a subcommand answers.
struct Answer {
    /// The answer for programs; its keys are sorted.
    json: Value,
    /// The answer for people.
    text: String,
    /// How it went.
    exit: Exit,
}

/// How it went, as an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done, and nothing is broken.
    Fine = 0,
    /// Done, and something is broken.
    Broken = 1,
    /// Done, and something cannot be told.
    CannotTell = 3,
}

impl Exit {
    /// The worse of the two.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Broken, _) | (_, Self::Broken) => Self::Broken,
            (Self::CannotTell, _) | (_, Self::CannotTell) => Self::CannotTell,
            _ => Self::Fine,
        }
    }
}

/// Runs the program with its arguments; `window` opens the window, with a plan or without.
pub fn main(window: fn(Option<PathBuf>) -> anyhow::Result<()>) -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            // Help and version are answers, not errors.
            let shown = error.print();
            return if shown.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
        Err(error) => return refuse(&first_line(&error.to_string())),
    };
    match cli.command {
        Some(command) => finish(run(command)),
        None => match window(cli.plan) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                refuse(&format!("no window: {error:#}; without one there are: {}", names()))
            }
        },
    }
}

/// The names of all subcommands.
fn names() -> String {
    let command = Cli::command();
    let names: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
    names.join(", ")
}

fn run(command: Command) -> anyhow::Result<(Answer, Format)> {
    match command {
        Command::Templates(args) => Ok((templates::run(&args), args.format)),
        Command::New(args) => Ok((new::run(&args)?, args.format)),
        Command::Check(args) => check::run(&args),
        Command::Fix(args) => Ok((fix::run(&args)?, args.format)),
        Command::Trace(args) => Ok((trace::run(&args)?, args.format)),
        Command::Matrix(args) => Ok((matrix::run(&args)?, args.format)),
        Command::Faults(args) => Ok((faults::run(&args)?, args.format)),
        Command::Outage(args) => Ok((outage::run(&args)?, args.format)),
        Command::Report(args) => Ok((report::run(&args)?, args.format)),
        Command::Explain(args) => Ok((explain::run(&args)?, args.format)),
        Command::Export(args) => Ok((export::run(&args)?, args.format)),
        Command::Diff(args) => Ok((diff::run(&args)?, args.format)),
        Command::Probe(args) => Ok((probe::run(&args)?, args.format)),
        Command::Evidence(args) => Ok((evidence::run(&args)?, args.format)),
        Command::Collector(args) => Ok((collector::run(&args)?, args.format)),
        Command::Watch(args) => Ok((watch::run(&args)?, args.format)),
        Command::Rehearse(args) => Ok((rehearse::run(&args)?, args.format)),
    }
}

fn finish(result: anyhow::Result<(Answer, Format)>) -> ExitCode {
    match result {
        Ok((answer, format)) => {
            let text = match format {
                Format::Text => answer.text,
                Format::Json if answer.json.is_null() => String::new(),
                Format::Json => format!("{:#}", answer.json),
            };
            if text.is_empty() {
                return ExitCode::from(answer.exit as u8);
            }
            let mut out = std::io::stdout().lock();
            // A reader that has gone away (`| head`) is no error of ours.
            match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                    refuse(&error.to_string())
                }
                _ => ExitCode::from(answer.exit as u8),
            }
        }
        Err(error) => refuse(&whole(&error)),
    }
}

/// An error with its causes, each told once.
fn whole(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// One line that says why nothing was done.
fn refuse(why: &str) -> ExitCode {
    eprintln!("bridgehead: {}", why.replace(['\n', '\r'], " "));
    ExitCode::from(2)
}

/// The message of a usage error, without the paragraphs that follow it.
fn first_line(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let end = text.find("\n\nUsage").or_else(|| text.find("\n\nFor more")).unwrap_or(text.len());
    text[..end].split_whitespace().collect::<Vec<_>>().join(" ")
}
