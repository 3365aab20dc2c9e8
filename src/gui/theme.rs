//! Stand-in for the theme.
use eframe::egui::{self, Color32, FontData, FontDefinitions, FontFamily, FontId, TextStyle};
use std::sync::Arc;

/// Tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "stand-in")]
pub struct Theme {
    pub dark: bool,
    pub bg: Color32,
    pub canvas: Color32,
    pub dot: Color32,
    pub panel: Color32,
    pub line: Color32,
    pub text: Color32,
    pub weak: Color32,
    pub accent: Color32,
    pub accent_bg: Color32,
    pub site: Color32,
    pub site_line: Color32,
    pub rg: [Color32; 6],
    pub pipe: Color32,
    pub err: Color32,
    pub err_bg: Color32,
    pub warn: Color32,
    pub warn_bg: Color32,
    pub ok: Color32,
    pub ok_bg: Color32,
    pub info: Color32,
    pub net: Color32,
    pub node: Color32,
    pub field: Color32,
}

fn c(n: u32) -> Color32 {
    let [_, r, g, b] = n.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

impl Theme {
    /// Light.
    pub fn light() -> Self {
        Self {
            dark: false,
            bg: c(0xEEF1F5),
            canvas: c(0xF8F9FB),
            dot: c(0xD9DEE6),
            panel: c(0xFFFFFF),
            line: c(0xD5DAE1),
            text: c(0x1B2430),
            weak: c(0x5B6675),
            accent: c(0x1F6FEB),
            accent_bg: c(0xE6F0FF),
            site: c(0xFFFFFF),
            site_line: c(0xB9C2CE),
            rg: [c(0x7A5AF8); 6],
            pipe: c(0xC3CAD4),
            err: c(0xD55E00),
            err_bg: c(0xFDEEE4),
            warn: c(0xB77400),
            warn_bg: c(0xFFF5DD),
            ok: c(0x00845C),
            ok_bg: c(0xE3F6EE),
            info: c(0x0072B2),
            net: c(0xE8EEF6),
            node: c(0xFFFFFF),
            field: c(0xF4F6F9),
        }
    }
    /// Dark.
    pub fn dark() -> Self {
        Self {
            dark: true,
            bg: c(0x15191F),
            canvas: c(0x1A1F27),
            dot: c(0x2A313C),
            panel: c(0x1F252E),
            line: c(0x323A46),
            text: c(0xE6EAF0),
            weak: c(0x9AA5B4),
            accent: c(0x6AA6FF),
            accent_bg: c(0x1E3250),
            site: c(0x222934),
            site_line: c(0x47515F),
            rg: [c(0xA48AFB); 6],
            pipe: c(0x4A5462),
            err: c(0xFF8A4C),
            err_bg: c(0x3A2416),
            warn: c(0xF2B84B),
            warn_bg: c(0x372C14),
            ok: c(0x4CC38A),
            ok_bg: c(0x16322A),
            info: c(0x56B4E9),
            net: c(0x232C39),
            node: c(0x2A323E),
            field: c(0x181D24),
        }
    }
    /// Apply.
    pub fn apply(&self, ctx: &egui::Context) {
        let mut v = if self.dark { egui::Visuals::dark() } else { egui::Visuals::light() };
        v.panel_fill = self.panel;
        v.window_fill = self.panel;
        v.override_text_color = Some(self.text);
        v.extreme_bg_color = self.field;
        v.widgets.inactive.bg_stroke = egui::Stroke::new(1.0, self.line);
        v.widgets.inactive.weak_bg_fill = self.panel;
        v.widgets.noninteractive.bg_stroke = egui::Stroke::new(1.0, self.line);
        ctx.set_visuals(v);
        ctx.all_styles_mut(|s| {
            for (t, size) in [
                (TextStyle::Body, 13.0),
                (TextStyle::Button, 12.5),
                (TextStyle::Small, 11.5),
                (TextStyle::Heading, 17.0),
            ] {
                s.text_styles.insert(t, FontId::proportional(size));
            }
            s.text_styles.insert(TextStyle::Monospace, FontId::monospace(12.0));
        });
    }
}

/// Fonts.
pub fn install_fonts(ctx: &egui::Context) {
    let mut f = FontDefinitions::default();
    for (n, d) in [
        ("plex", &include_bytes!("../../assets/fonts/IBMPlexSans-Regular.ttf")[..]),
        ("plex-semibold", &include_bytes!("../../assets/fonts/IBMPlexSans-SemiBold.ttf")[..]),
        ("plex-mono", &include_bytes!("../../assets/fonts/IBMPlexMono-Regular.ttf")[..]),
    ] {
        f.font_data.insert(n.to_owned(), Arc::new(FontData::from_static(d)));
    }
    let fallback = f.families[&FontFamily::Proportional].clone();
    f.families.get_mut(&FontFamily::Proportional).unwrap().insert(0, "plex".to_owned());
    f.families.get_mut(&FontFamily::Monospace).unwrap().insert(0, "plex-mono".to_owned());
    let mut strong = vec!["plex-semibold".to_owned()];
    strong.extend(fallback);
    f.families.insert(FontFamily::Name("semibold".into()), strong);
    ctx.set_fonts(f);
}
