//! The colours of the window, light and dark, its fonts, and how widgets look. The only place in
//! the window with raw colours.
#![expect(clippy::disallowed_methods, reason = "this is where the colours live")]

use crate::diagram::{ink::Ink, text};
use eframe::egui::{
    self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow,
    Stroke, TextStyle, Visuals, style::WidgetVisuals, vec2,
};
use std::sync::Arc;

/// The colours by their use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Whether text is light on dark.
    pub dark: bool,
    /// The window behind everything.
    pub bg: Color32,
    /// The canvas.
    pub canvas: Color32,
    /// The dots on the canvas.
    pub dot: Color32,
    /// Panels, menus, windows.
    pub panel: Color32,
    /// Lines between panels, edges of fields.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Quiet text.
    pub weak: Color32,
    /// What is chosen, what is to be clicked.
    pub accent: Color32,
    /// The ground of what is chosen.
    pub accent_bg: Color32,
    /// Marked text.
    pub selection: Color32,
    /// A site's ground.
    pub site: Color32,
    /// The edge of sites and cards.
    pub site_line: Color32,
    /// Routing groups.
    pub rg: [Color32; 6],
    /// WAN links and Internet lines.
    pub pipe: Color32,
    /// Errors.
    pub err: Color32,
    /// The ground of errors.
    pub err_bg: Color32,
    /// Warnings.
    pub warn: Color32,
    /// The ground of warnings.
    pub warn_bg: Color32,
    /// What is fine.
    pub ok: Color32,
    /// The ground of what is fine.
    pub ok_bg: Color32,
    /// Notes.
    pub info: Color32,
    /// The Internet.
    pub net: Color32,
    /// Cards.
    pub node: Color32,
    /// Fields that are typed into, quiet grounds.
    pub field: Color32,
}

/// A colour written `0xRRGGBB`.
const fn rgb(n: u32) -> Color32 {
    let [_, r, g, b] = n.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

const LIGHT: Theme = Theme {
    dark: false,
    bg: rgb(0x00EE_F1F5),
    canvas: rgb(0x00F8_F9FB),
    dot: rgb(0x00D9_DEE6),
    panel: rgb(0x00FF_FFFF),
    line: rgb(0x00D5_DAE1),
    text: rgb(0x001B_2430),
    weak: rgb(0x005B_6675),
    accent: rgb(0x001F_6FEB),
    accent_bg: rgb(0x00E6_F0FF),
    selection: rgb(0x00B4_D2FB),
    site: rgb(0x00FF_FFFF),
    site_line: rgb(0x00B9_C2CE),
    rg: [
        rgb(0x007A_5AF8),
        rgb(0x000E_9384),
        rgb(0x00B5_478E),
        rgb(0x008A_6A00),
        rgb(0x002B_78C5),
        rgb(0x006B_7A12),
    ],
    pipe: rgb(0x00C3_CAD4),
    err: rgb(0x00D5_5E00),
    err_bg: rgb(0x00FD_EEE4),
    warn: rgb(0x00B7_7400),
    warn_bg: rgb(0x00FF_F5DD),
    ok: rgb(0x0000_845C),
    ok_bg: rgb(0x00E3_F6EE),
    info: rgb(0x0000_72B2),
    net: rgb(0x00E8_EEF6),
    node: rgb(0x00FF_FFFF),
    field: rgb(0x00F4_F6F9),
};

const DARK: Theme = Theme {
    dark: true,
    bg: rgb(0x0015_191F),
    canvas: rgb(0x001A_1F27),
    dot: rgb(0x002A_313C),
    panel: rgb(0x001F_252E),
    line: rgb(0x0032_3A46),
    text: rgb(0x00E6_EAF0),
    weak: rgb(0x009A_A5B4),
    accent: rgb(0x006A_A6FF),
    accent_bg: rgb(0x001E_3250),
    selection: rgb(0x0034_5C9A),
    site: rgb(0x0022_2934),
    site_line: rgb(0x0047_515F),
    rg: [
        rgb(0x00A4_8AFB),
        rgb(0x002E_D3B7),
        rgb(0x00E8_8AC4),
        rgb(0x00D9_B84A),
        rgb(0x0072_B4F0),
        rgb(0x00B4_C450),
    ],
    pipe: rgb(0x004A_5462),
    err: rgb(0x00FF_8A4C),
    err_bg: rgb(0x003A_2416),
    warn: rgb(0x00F2_B84B),
    warn_bg: rgb(0x0037_2C14),
    ok: rgb(0x004C_C38A),
    ok_bg: rgb(0x0016_322A),
    info: rgb(0x0056_B4E9),
    net: rgb(0x0023_2C39),
    node: rgb(0x002A_323E),
    field: rgb(0x0018_1D24),
};

/// White and strong colours on black; every edge can be seen.
const CONTRAST: Theme = Theme {
    dark: true,
    bg: rgb(0x0000_0000),
    canvas: rgb(0x0000_0000),
    dot: rgb(0x0040_4040),
    panel: rgb(0x0000_0000),
    line: rgb(0x00B8_B8B8),
    text: rgb(0x00FF_FFFF),
    weak: rgb(0x00E0_E0E0),
    accent: rgb(0x0066_D9FF),
    accent_bg: rgb(0x0000_2B4D),
    selection: rgb(0x0000_5A9E),
    site: rgb(0x0000_0000),
    site_line: rgb(0x00FF_FFFF),
    rg: [
        rgb(0x00C9_B6FF),
        rgb(0x003D_F0D0),
        rgb(0x00FF_A8E0),
        rgb(0x00FF_DF5C),
        rgb(0x0090_CCFF),
        rgb(0x00D4_E860),
    ],
    pipe: rgb(0x00A0_A0A0),
    err: rgb(0x00FF_9060),
    err_bg: rgb(0x0030_1000),
    warn: rgb(0x00FF_D000),
    warn_bg: rgb(0x0030_2600),
    ok: rgb(0x0060_F0A0),
    ok_bg: rgb(0x0000_2A16),
    info: rgb(0x0080_D0FF),
    net: rgb(0x001A_1A1A),
    node: rgb(0x0000_0000),
    field: rgb(0x0018_1818),
};

impl Theme {
    /// White and strong colours on black.
    pub fn contrast() -> Self {
        CONTRAST
    }

    /// Dark text on light.
    pub fn light() -> Self {
        LIGHT
    }

    /// Light text on dark.
    pub fn dark() -> Self {
        DARK
    }

    /// The colour of text on a ground of a strong colour: accent, error, warning.
    pub fn on_strong(&self) -> Color32 {
        if self.dark { rgb(0x000F_1720) } else { rgb(0x00FF_FFFF) }
    }

    /// What a colour of a drawing looks like.
    pub fn ink(&self, ink: Ink) -> Color32 {
        match ink {
            Ink::Canvas => self.canvas,
            Ink::Panel => self.panel,
            Ink::Line => self.line,
            Ink::Text => self.text,
            Ink::Weak => self.weak,
            Ink::Accent => self.accent,
            Ink::AccentGround => self.accent_bg,
            Ink::Site => self.site,
            Ink::SiteLine => self.site_line,
            Ink::Group(n) => self.rg[usize::from(n) % self.rg.len()],
            Ink::Pipe => self.pipe,
            Ink::Error => self.err,
            Ink::ErrorGround => self.err_bg,
            Ink::Warning => self.warn,
            Ink::WarningGround => self.warn_bg,
            Ink::Good => self.ok,
            Ink::GoodGround => self.ok_bg,
            Ink::Info => self.info,
            Ink::Net => self.net,
            Ink::Node => self.node,
            Ink::Field => self.field,
            Ink::OnSign => self.on_strong(),
        }
    }

    /// A colour of a printed page, which is the same in every theme.
    pub fn printed([r, g, b]: [u8; 3]) -> Color32 {
        Color32::from_rgb(r, g, b)
    }

    /// Makes all widgets look like this. Does nothing while they already do.
    pub fn apply(&self, ctx: &egui::Context) {
        let theme = if self.dark { egui::Theme::Dark } else { egui::Theme::Light };
        let visuals = self.visuals();
        let styled = ctx.style_of(theme).visuals == visuals;
        if ctx.theme() != theme {
            ctx.set_theme(theme);
        }
        if styled {
            return;
        }
        ctx.set_visuals_of(theme, visuals);
        ctx.all_styles_mut(spacing);
    }

    fn visuals(&self) -> Visuals {
        let base = if self.dark { Visuals::dark() } else { Visuals::light() };
        let shadow = Shadow {
            offset: [0, 6],
            blur: 20,
            spread: 0,
            color: Color32::from_black_alpha(if self.dark { 110 } else { 40 }),
        };
        let mut visuals = Visuals {
            dark_mode: self.dark,
            weak_text_color: Some(self.weak),
            hyperlink_color: self.accent,
            faint_bg_color: self.field,
            extreme_bg_color: self.field,
            text_edit_bg_color: Some(self.field),
            code_bg_color: self.field,
            warn_fg_color: self.warn,
            error_fg_color: self.err,
            window_corner_radius: CornerRadius::same(10),
            window_shadow: shadow,
            window_fill: self.panel,
            window_stroke: Stroke::new(1.0, self.line),
            menu_corner_radius: CornerRadius::same(8),
            panel_fill: self.panel,
            popup_shadow: shadow,
            ..base
        };
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.2, self.text);
        visuals.text_cursor.stroke = Stroke::new(1.6, self.accent);
        // A cursor that blinks repaints the window for ever.
        visuals.text_cursor.blink = false;
        let look = |fill, edge, text| WidgetVisuals {
            bg_fill: fill,
            weak_bg_fill: fill,
            bg_stroke: Stroke::new(1.0, edge),
            corner_radius: CornerRadius::same(6),
            fg_stroke: Stroke::new(1.2, text),
            expansion: 0.0,
        };
        let widgets = &mut visuals.widgets;
        widgets.noninteractive = look(self.panel, self.line, self.text);
        widgets.inactive = look(self.panel, self.line, self.text);
        widgets.inactive.bg_fill = self.field;
        widgets.hovered = look(self.field, self.site_line, self.text);
        widgets.active = look(self.accent_bg, self.accent, self.text);
        widgets.open = look(self.field, self.site_line, self.text);
        visuals
    }
}

fn spacing(style: &mut egui::Style) {
    for (text, font) in [
        (TextStyle::Small, FontId::proportional(11.5)),
        (TextStyle::Body, FontId::proportional(13.0)),
        (TextStyle::Button, FontId::proportional(12.5)),
        (TextStyle::Monospace, FontId::monospace(12.5)),
        (TextStyle::Heading, FontId::new(17.0, semi_bold())),
    ] {
        style.text_styles.insert(text, font);
    }
    style.spacing.item_spacing = vec2(8.0, 6.0);
    style.spacing.button_padding = vec2(10.0, 4.0);
    style.spacing.interact_size.y = 26.0;
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(14);
    style.spacing.combo_width = 120.0;
    style.interaction.selectable_labels = false;
}

/// The family of the semi-bold face.
pub fn semi_bold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// Makes the shipped fonts those of the window; egui's own stand in for letters that they lack.
pub fn install_fonts(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let fallback = |family: &FontFamily, fonts: &FontDefinitions| {
        fonts.families.get(family).cloned().unwrap_or_default()
    };
    let proportional = fallback(&FontFamily::Proportional, &fonts);
    let monospace = fallback(&FontFamily::Monospace, &fonts);
    for (name, data) in [
        ("plex", text::SANS),
        ("plex-semibold", text::SANS_SEMI_BOLD),
        ("plex-italic", text::SANS_ITALIC),
        ("plex-mono", text::MONO),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(data)));
    }
    for (family, name, behind) in [
        (FontFamily::Proportional, "plex", &proportional),
        (FontFamily::Monospace, "plex-mono", &monospace),
        (semi_bold(), "plex-semibold", &proportional),
        (FontFamily::Name("italic".into()), "plex-italic", &proportional),
    ] {
        let all = std::iter::once(name.to_owned()).chain(behind.iter().cloned()).collect();
        fonts.families.insert(family, all);
    }
    ctx.set_fonts(fonts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::svg;

    fn luminance(colour: Color32) -> f64 {
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
    }

    /// WCAG 2.2, section 1.4.3.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn svg_and_light_theme_agree() {
        let all = [
            Ink::Canvas,
            Ink::Panel,
            Ink::Line,
            Ink::Text,
            Ink::Weak,
            Ink::Accent,
            Ink::AccentGround,
            Ink::Site,
            Ink::SiteLine,
            Ink::Group(0),
            Ink::Group(1),
            Ink::Group(2),
            Ink::Group(3),
            Ink::Group(4),
            Ink::Group(5),
            Ink::Pipe,
            Ink::Error,
            Ink::ErrorGround,
            Ink::Warning,
            Ink::WarningGround,
            Ink::Good,
            Ink::GoodGround,
            Ink::Info,
            Ink::Net,
            Ink::Node,
            Ink::Field,
            Ink::OnSign,
        ];
        for ink in all {
            let colour = Theme::light().ink(ink);
            let text = format!("#{:02X}{:02X}{:02X}", colour.r(), colour.g(), colour.b());
            assert_eq!(svg::colour(ink), text, "{ink:?}");
        }
    }

    fn every() -> [(&'static str, Theme); 3] {
        [("light", Theme::light()), ("dark", Theme::dark()), ("contrast", Theme::contrast())]
    }

    #[test]
    fn text_and_signs_can_be_told_from_their_ground() {
        for (name, theme) in every() {
            for ground in [theme.panel, theme.canvas, theme.field, theme.node, theme.site] {
                assert!(contrast(theme.text, ground) >= 4.5, "{name}");
                assert!(contrast(theme.weak, ground) >= 4.5, "{name}");
                let signs = [theme.err, theme.warn, theme.ok, theme.info, theme.accent];
                for sign in signs.iter().chain(&theme.rg) {
                    assert!(contrast(*sign, ground) >= 3.0, "{name}: {sign:?} on {ground:?}");
                }
            }
            for ground in [theme.err_bg, theme.warn_bg, theme.ok_bg, theme.accent_bg, theme.net] {
                assert!(contrast(theme.text, ground) >= 4.5, "{name}: text on {ground:?}");
            }
            assert!(contrast(theme.text, theme.selection) >= 4.5, "{name}: marked text");
            for strong in [theme.err, theme.warn, theme.accent, theme.ok] {
                assert!(contrast(theme.on_strong(), strong) >= 3.0, "{name}: on {strong:?}");
            }
        }
    }

    /// WCAG 2.2, sections 1.4.6 and 1.4.11, for those who need more: 7 to 1, and every edge 3 to 1.
    #[test]
    fn high_contrast_is_high() {
        let theme = Theme::contrast();
        for ground in [theme.panel, theme.canvas, theme.field, theme.node, theme.site] {
            for colour in [theme.text, theme.weak, theme.accent, theme.err, theme.warn, theme.ok] {
                assert!(contrast(colour, ground) >= 7.0, "{colour:?} on {ground:?}");
            }
            for edge in [theme.line, theme.site_line, theme.pipe] {
                assert!(contrast(edge, ground) >= 3.0, "{edge:?} on {ground:?}");
            }
        }
    }
}
