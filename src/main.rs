//! The program: a subcommand runs on the command line, none opens the window.

use std::process::ExitCode;

fn main() -> ExitCode {
    bridgehead::cli::main(bridgehead::gui::open)
}
