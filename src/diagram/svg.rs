//! A scene as SVG, in the light colours, at the nearest level. The same scene gives the same text.

use super::{
    geometry::{Area, Point},
    ink::Ink,
    scene::{Align, Drawn, Fill, Item, Level, Scene, Shape, Stroke},
    text::Face,
};
use std::fmt::Write as _;

/// The room around the drawing.
const MARGIN: f32 = 32.0;
/// How much of what stands back is seen.
const QUIET: f32 = 0.35;

/// The light colours, as the window's light theme has them (a test compares), as `#RRGGBB`.
pub fn colour(ink: Ink) -> &'static str {
    const GROUPS: [&str; 6] = ["#7A5AF8", "#0E9384", "#B5478E", "#8A6A00", "#2B78C5", "#6B7A12"];
    match ink {
        Ink::Canvas => "#F8F9FB",
        Ink::Panel | Ink::Site | Ink::Node | Ink::OnSign => "#FFFFFF",
        Ink::Line => "#D5DAE1",
        Ink::Text => "#1B2430",
        Ink::Weak => "#5B6675",
        Ink::Accent => "#1F6FEB",
        Ink::AccentGround => "#E6F0FF",
        Ink::SiteLine => "#B9C2CE",
        Ink::Group(n) => GROUPS[usize::from(n) % GROUPS.len()],
        Ink::Pipe => "#C3CAD4",
        Ink::Error => "#D55E00",
        Ink::ErrorGround => "#FDEEE4",
        Ink::Warning => "#B77400",
        Ink::WarningGround => "#FFF5DD",
        Ink::Good => "#00845C",
        Ink::GoodGround => "#E3F6EE",
        Ink::Info => "#0072B2",
        Ink::Net => "#E8EEF6",
        Ink::Field => "#F4F6F9",
    }
}

/// The SVG text of a scene with that title.
pub fn svg(scene: &Scene, title: &str) -> String {
    let bounds = scene.bounds.grown(MARGIN);
    let mut out = String::new();
    write(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"{x} {y} {w} {h}\">\n<title>{}</title>\n",
            escaped(title),
            x = number(bounds.min.x),
            y = number(bounds.min.y),
            w = number(bounds.width()),
            h = number(bounds.height()),
        ),
    );
    push_box(&mut out, bounds, 0.0, super::scene::solid(Ink::Canvas), None);
    for item in &scene.items {
        push_item(&mut out, item);
    }
    out.push_str("</svg>\n");
    out
}

/// Writing to a `String` cannot fail.
fn write(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).unwrap_or_default();
}

fn push_item(out: &mut String, item: &Item) {
    out.push_str("<g");
    if let Some(subject) = &item.subject {
        write(out, format_args!(" data-subject=\"{}\"", escaped(&subject.to_string())));
    }
    if item.quiet {
        write(out, format_args!(" opacity=\"{QUIET}\""));
    }
    write(out, format_args!(">\n<title>{}</title>\n", escaped(&item.spoken)));
    push_shapes(out, &item.shapes);
    out.push_str("</g>\n");
}

fn push_shapes(out: &mut String, shapes: &[Drawn]) {
    for drawn in shapes.iter().filter(|drawn| drawn.seen.at(Level::Near)) {
        match &drawn.shape {
            Shape::Box { area, radius, fill, stroke } => {
                push_box(out, *area, *radius, *fill, *stroke)
            }
            Shape::Disc { centre, radius, fill, stroke } => {
                write(
                    out,
                    format_args!(
                        "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>\n",
                        number(centre.x),
                        number(centre.y),
                        number(*radius),
                        paint(*fill, *stroke)
                    ),
                );
            }
            Shape::Line { points, closed, fill, stroke } => {
                write(
                    out,
                    format_args!(
                        "<path d=\"{}\"{}/>\n",
                        path(points, *closed),
                        paint(*fill, *stroke)
                    ),
                );
            }
            Shape::Words(words) => {
                let (family, weight) = match words.face {
                    Face::Sans => ("IBM Plex Sans, sans-serif", 400),
                    Face::SemiBold => ("IBM Plex Sans, sans-serif", 600),
                    Face::Mono => ("IBM Plex Mono, monospace", 400),
                };
                let anchor = match words.align {
                    Align::Start => "start",
                    Align::Middle => "middle",
                    Align::End => "end",
                };
                write(
                    out,
                    format_args!(
                        "<text x=\"{}\" y=\"{}\" font-family=\"{family}\" font-size=\"{}\" font-weight=\"{weight}\" text-anchor=\"{anchor}\" fill=\"{}\">{}</text>\n",
                        number(words.at.x),
                        number(words.at.y),
                        number(words.size),
                        colour(words.ink),
                        escaped(&words.text)
                    ),
                );
            }
        }
    }
}

fn push_box(out: &mut String, area: Area, radius: f32, fill: Option<Fill>, stroke: Option<Stroke>) {
    write(
        out,
        format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"{}/>\n",
            number(area.min.x),
            number(area.min.y),
            number(area.width()),
            number(area.height()),
            number(radius),
            paint(fill, stroke)
        ),
    );
}

fn path(points: &[Point], closed: bool) -> String {
    let mut out = String::new();
    for (i, p) in points.iter().enumerate() {
        let step = if i == 0 { 'M' } else { 'L' };
        write(&mut out, format_args!("{step}{} {}", number(p.x), number(p.y)));
    }
    if closed {
        out.push('Z');
    }
    out
}

fn paint(fill: Option<Fill>, stroke: Option<Stroke>) -> String {
    let mut out = String::new();
    match fill {
        Some(fill) => {
            write(&mut out, format_args!(" fill=\"{}\"", colour(fill.ink)));
            if fill.cover < 1.0 {
                write(&mut out, format_args!(" fill-opacity=\"{}\"", number(fill.cover)));
            }
        }
        None => out.push_str(" fill=\"none\""),
    }
    if let Some(stroke) = stroke {
        write(
            &mut out,
            format_args!(
                " stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"",
                colour(stroke.ink),
                number(stroke.width)
            ),
        );
        if let Some((on, off)) = stroke.dash {
            write(&mut out, format_args!(" stroke-dasharray=\"{} {}\"", number(on), number(off)));
        }
    }
    out
}

/// A number with at most two places, without a trailing zero.
fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A text in which nothing is markup; characters that XML forbids are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_text_is_no_markup() {
        assert_eq!(
            [number(1.0), number(-0.001), number(2.345), number(10.0)],
            ["1", "0", "2.35", "10"]
        );
        assert_eq!(escaped("a<b & \"c\"\u{1}"), "a&lt;b &amp; &quot;c&quot;");
    }
}
