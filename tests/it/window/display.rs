//! A display without a screen, the program's window on it, a mouse and a keyboard.

use crate::support::program::Folder;
use eframe::egui::{Pos2, Vec2};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the window's process is looked at.
const GLANCE: Duration = Duration::from_millis(12);
/// How many glances without work mean rest.
const RESTFUL: u32 = 5;

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The window of the program under Xvfb.
pub(super) struct Real {
    program: Running,
    display: Running,
    name: String,
    window: String,
    folder: Folder,
}

impl Real {
    /// Starts a display of that size and the program on it, its window as large as the display; gives
    /// it the keyboard.
    pub(super) fn start(size: Vec2) -> Self {
        let folder = Folder::new();
        let (display, name) = display(size);
        let program = Command::new(env!("CARGO_BIN_EXE_bridgehead"))
            .env("DISPLAY", &name)
            .env("HOME", folder.file("home"))
            .env("XDG_CONFIG_HOME", folder.file("config"))
            .env("XDG_STATE_HOME", folder.file("state"))
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("XDG_RUNTIME_DIR")
            .stdin(Stdio::null())
            .spawn()
            .expect("the program starts");
        let program = Running(program);
        let mut real = Self { program, display, name, window: String::new(), folder };
        let pid = real.program.0.id().to_string();
        let found = real.xdotool(&["search", "--sync", "--onlyvisible", "--pid", &pid]);
        let window = found.lines().last().expect("it has a window");
        window.clone_into(&mut real.window);
        let (window, w, h) = (real.window.clone(), size.x.to_string(), size.y.to_string());
        real.rest();
        real.xdotool(&["windowmove", &window, "0", "0", "windowsize", &window, &w, &h]);
        real.xdotool(&["windowfocus", "--sync", &window]);
        real.rest();
        real
    }

    /// Ends the program as `kill -9` does: it learns nothing of it.
    pub(super) fn kill(&mut self) {
        self.program.0.kill().expect("it runs");
        self.program.0.wait().expect("it ends");
    }

    /// A file of this window's own.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.file(name)
    }

    /// Moves the pointer and clicks.
    pub(super) fn click(&mut self, at: Pos2) {
        let [x, y] = whole(at);
        self.act(&["mousemove", &x, &y, "mousedown", "1", "mouseup", "1"]);
    }

    /// Drags along these points.
    pub(super) fn drag(&mut self, along: &[Pos2]) {
        let [x, y] = whole(along[0]);
        self.act(&["mousemove", &x, &y, "mousedown", "1"]);
        for at in &along[1..] {
            let [x, y] = whole(*at);
            self.act(&["mousemove", &x, &y]);
        }
        self.act(&["mouseup", "1"]);
    }

    /// Types a text, in place of all that stands there if so asked.
    pub(super) fn write(&mut self, text: &str, instead: bool) {
        if instead {
            self.xdotool(&["key", "ctrl+a"]);
        }
        self.act(&["type", "--delay", "1", text]);
    }

    /// Presses a key, with its modifiers, by X's names: `ctrl+z`.
    pub(super) fn key(&mut self, name: &str) {
        self.act(&["key", name]);
    }

    /// Keeps a picture of the screen under `target/`, for people to look at.
    pub(super) fn picture(&self, name: &str) {
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.xwd"));
        // Without the tool there is no picture, which is no fault of the program.
        drop(
            Command::new("xwd")
                .args(["-root", "-out"])
                .arg(file)
                .env("DISPLAY", &self.name)
                .status(),
        );
    }

    /// Waits until program and display have gone to rest; gives the processor time that they have used, in
    /// nanoseconds.
    pub(super) fn rest(&mut self) -> u64 {
        let begun = Instant::now();
        let (mut before, mut quiet) = (None, 0);
        loop {
            assert!(begun.elapsed() < PATIENCE, "the window does not go to rest");
            let ended = self.program.0.try_wait().expect("it can be asked");
            assert!(ended.is_none(), "the program ended: {ended:?}");
            let now = self.work();
            let same = now.is_some() && now == before;
            quiet = if same { quiet + 1 } else { 0 };
            before = now;
            if let Some(used) = now.filter(|_| quiet >= RESTFUL) {
                return used;
            }
            // There is no event of its own for "nothing more will happen".
            thread::sleep(GLANCE);
        }
    }

    /// The processor time that they use in about a second at rest, in nanoseconds.
    pub(super) fn idle(&mut self) -> u64 {
        let before = self.rest();
        thread::sleep(GLANCE * 80);
        self.rest() - before
    }

    /// The processor time that program and display have used so far; none while a thread of them runs or
    /// waits for a processor: the program may be waiting for the display, which has not had its turn.
    fn work(&self) -> Option<u64> {
        Some(work(&self.program)? + work(&self.display)?)
    }

    fn act(&mut self, words: &[&str]) {
        // The question behind it is answered only after the server has taken in what went before.
        let all = [words, &["getmouselocation"]].concat();
        let words = if words[0] == "type" { words } else { &all };
        self.xdotool(words);
        self.rest();
    }

    fn xdotool(&self, words: &[&str]) -> String {
        let ran = Command::new("xdotool")
            .args(words)
            .env("DISPLAY", &self.name)
            .output()
            .expect("xdotool is installed by tests/run");
        assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }
}

fn work(process: &Running) -> Option<u64> {
    let tasks = fs::read_dir(format!("/proc/{}/task", process.0.id())).ok()?;
    let mut sum = 0;
    for task in tasks.flatten() {
        let stat = fs::read_to_string(task.path().join("stat")).ok()?;
        let state = stat.rsplit_once(") ")?.1;
        if state.starts_with(['R', 'D']) {
            return None;
        }
        let used = fs::read_to_string(task.path().join("schedstat")).ok()?;
        sum += used.split(' ').next()?.parse::<u64>().ok()?;
    }
    Some(sum)
}

/// A display on a number that is free, once it takes connections.
fn display(size: Vec2) -> (Running, String) {
    let screen = format!("{}x{}x24", size.x, size.y);
    let mut child = Command::new("Xvfb")
        .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &screen])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb is installed by tests/run");
    let out = child.stdout.take().expect("it was asked for");
    let running = Running(child);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).expect("it tells its number");
    assert!(!line.trim().is_empty(), "Xvfb did not start");
    (running, format!(":{}", line.trim()))
}

fn whole(at: Pos2) -> [String; 2] {
    [at.x, at.y].map(|v| v.round().to_string())
}
