//! What the window remembers between runs: appearance and recent files, one small RON file in the
//! user's configuration folder. Where journals lie that belong to no file.
#![expect(clippy::disallowed_methods, reason = "the folders' places stand in the environment")]

use super::command::Appearance;
use crate::workspace::disk;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// How many recent files are kept.
const RECENT_MAX: usize = 10;
/// The largest settings file that is read, in bytes.
const SIZE_MAX: usize = 1 << 20;

/// What is remembered.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Light, dark, or as the system says.
    pub appearance: Appearance,
    /// Plans that were opened or saved, the last one first.
    pub recent: Vec<PathBuf>,
    /// Who ticks steps.
    pub initials: String,
    folder: Option<PathBuf>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Stored {
    appearance: String,
    recent: Vec<PathBuf>,
    initials: String,
}

impl Settings {
    /// Reads them from a folder; none: nothing is remembered.
    pub fn load(folder: Option<PathBuf>) -> Self {
        let bytes = folder.as_deref().and_then(|f| disk::read(&file(f), SIZE_MAX).ok());
        let text = bytes.map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
        let stored: Stored = ron::from_str(&text).unwrap_or_default();
        let appearance =
            Appearance::ALL.into_iter().find(|a| word(*a) == stored.appearance).unwrap_or_default();
        Self { appearance, recent: stored.recent, initials: stored.initials, folder }
    }

    /// Puts a plan at the head of the recent ones.
    pub fn remember(&mut self, path: &Path) {
        // The next start may be from another folder.
        let absolute = std::path::absolute(path);
        let path = absolute.as_deref().unwrap_or(path);
        self.recent.retain(|known| known != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(RECENT_MAX);
        self.save();
    }

    /// Takes a plan off the list.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|known| known != path);
        self.save();
    }

    /// Writes them. That they cannot be written is no reason to bother anybody.
    pub fn save(&self) {
        let Some(folder) = &self.folder else { return };
        let stored = Stored {
            appearance: word(self.appearance).to_owned(),
            recent: self.recent.clone(),
            initials: self.initials.clone(),
        };
        let config = ron::ser::PrettyConfig::new();
        if let Ok(text) = ron::ser::to_string_pretty(&stored, config)
            && disk::make_folder(folder).is_ok()
        {
            drop(disk::write(&file(folder), text.as_bytes(), true));
        }
    }
}

fn word(appearance: Appearance) -> &'static str {
    match appearance {
        Appearance::System => "system",
        Appearance::Light => "light",
        Appearance::Dark => "dark",
        Appearance::Contrast => "contrast",
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("window.ron")
}

/// The user's folder for configuration.
pub fn config_folder() -> Option<PathBuf> {
    place("XDG_CONFIG_HOME", ".config", "Library/Application Support")
}

/// The user's folder for what outlives a run, but is no document.
pub fn state_folder() -> Option<PathBuf> {
    place("XDG_STATE_HOME", ".local/state", "Library/Application Support")
}

fn place(variable: &str, below_home: &str, on_mac: &str) -> Option<PathBuf> {
    let value =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = if cfg!(windows) {
        value("APPDATA")
    } else if cfg!(target_os = "macos") {
        value("HOME").map(|home| home.join(on_mac))
    } else {
        value(variable).or_else(|| value("HOME").map(|home| home.join(below_home)))
    };
    base.map(|base| base.join("bridgehead"))
}

/// Whether a desktop portal may answer: without a session bus none does.
pub fn portal_may_answer() -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    let bus = std::env::var_os("XDG_RUNTIME_DIR").map(|dir| PathBuf::from(dir).join("bus"));
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        || bus.is_some_and(|bus| disk::exists(&bus))
}

/// Whether a display is named that a window could open on.
pub fn display_is_named() -> bool {
    let named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos"))
        || ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].into_iter().any(named)
}
