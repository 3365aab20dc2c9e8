//! How long an analysis takes: the template in all its phases, and one phase of 50 sites and 200
//! servers, and every failure of those. Goals: 1 ms, 5 ms and 16 ms. Figures with their machine stand in `benches/README.md`.

use bridgehead::{
    analysis::Analyzer,
    file,
    model::{Project, unfold::unfold},
    net::world::{Inputs, World},
    rules,
    sim::{
        matrix::Matrix,
        studies::faults::{Depth, faults},
        walk::Simulator,
    },
    templates,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::{collections::BTreeSet, fmt::Write as _, hint::black_box};

fn template(c: &mut Criterion) {
    let plan = templates::find("two-sites-exchange-2003").expect("the template").plan;
    let inputs = Inputs::of(&plan);
    c.bench_function("template, six phases: unfold, pairs, rules, promises", |b| {
        b.iter(|| Analyzer::new().update(black_box(&plan), &inputs));
    });
    let mut analyzer = Analyzer::new();
    analyzer.update(&plan, &inputs);
    c.bench_function("template, nothing changed", |b| {
        b.iter(|| analyzer.update(black_box(&plan), &inputs));
    });
}

fn large(c: &mut Criterion) {
    let plan = fifty_sites();
    let inputs = Inputs::of(&plan);
    let topology = unfold(&plan).remove(0);
    assert_eq!((topology.sites.len(), topology.servers.len()), (50, 200));
    let run = || {
        let world = World::new(black_box(&topology), &inputs, &BTreeSet::new());
        let simulator = Simulator::new(&world);
        (rules::check(&simulator), Matrix::new(&simulator))
    };
    let (_, pairs) = run();
    let all = pairs.ends.len();
    let cells = (0..all).flat_map(|from| (0..all).map(move |to| (from, to)));
    let arrived = cells.filter(|(from, to)| pairs.get(*from, *to).arrived()).count();
    assert!(arrived * 2 > all * all, "{arrived} of {} arrive", all * all);
    c.bench_function("50 sites, 200 servers, one phase: dispositions and findings", |b| {
        b.iter(run);
    });
}

fn failures(c: &mut Criterion) {
    let plan = fifty_sites();
    let inputs = Inputs::of(&plan);
    let topology = unfold(&plan).remove(0);
    let run = || {
        let whole = faults(black_box(&topology), &inputs, Depth::Single, &mut |_| true);
        whole.expect("nobody stops it")
    };
    let lost: usize = run().single.iter().map(|failure| failure.loss.lost.len()).sum();
    assert!(lost > 100_000, "{lost} pairs are lost");
    let mut group = c.benchmark_group("studies");
    group.sample_size(10);
    group.bench_function("50 sites, 200 servers: every single failure", |b| b.iter(run));
    let plan = templates::find("two-sites-done-right").expect("the template").plan;
    let inputs = Inputs::of(&plan);
    let last = unfold(&plan).pop().expect("a phase");
    group.bench_function("template: every single and double failure", |b| {
        b.iter(|| faults(black_box(&last), &inputs, Depth::Double, &mut |_| true));
    });
    group.finish();
}

/// 50 sites in a ring with chords, a group and four servers each, half of the connectors' targets with
/// public names.
fn fifty_sites() -> Project {
    let mut t = [const { String::new() }; 11];
    let [
        sites,
        segments,
        lines,
        firewalls,
        links,
        records,
        resolvers,
        servers,
        listeners,
        groups,
        mail,
    ] = &mut t;
    let mut connectors = String::new();
    for s in 0..50 {
        writeln!(sites, "\"s{s}\": (name: \"Site {s}\", resolvers: [\"r{s}\"]),").expect("text");
        writeln!(
            segments,
            "\"lan{s}\": (name: \"LAN\", site: \"s{s}\", subnets: [\"10.{s}.0.0/16\"]),"
        )
        .expect("text");
        writeln!(lines, "\"l{s}\": (name: \"Line\", site: \"s{s}\", addresses: [\"203.0.113.{s}\"], firewall: \"f{s}\"),").expect("text");
        writeln!(firewalls, "\"f{s}\": (name: \"Firewall\", site: \"s{s}\", published: [(public: \"203.0.113.{s}\", port: 25, to: \"10.{s}.0.1\")], hairpin: false, outbound_25: All, blocked: Drop),").expect("text");
        writeln!(resolvers, "\"r{s}\": (name: \"DNS {s}\", place: Segment(\"lan{s}\"), addresses: [\"10.{s}.0.53\"], serves: [\"in\"], forwards: Internet),").expect("text");
        writeln!(groups, "\"g{s}\": (name: \"Group {s}\"),").expect("text");
        for (step, name) in [(1, "ring"), (7, "chord")] {
            let to = (s + step) % 50;
            writeln!(
                links,
                "\"{name}{s}\": (name: \"{name} {s}\", a: \"s{s}\", b: \"s{to}\", filter: Open),"
            )
            .expect("text");
            for (from, to) in [(s, to), (to, s)] {
                writeln!(connectors, "\"{name}-{from}-{to}\": (name: \"{name} {from} to {to}\", from: \"g{from}\", to: \"g{to}\", cost: {}, targets: [\"s{to}-0/1\"]),", 1 + (s * step) % 9).expect("text");
            }
        }
        for n in 0..4 {
            let fqdn = if n == 0 && s % 2 == 0 {
                format!("fqdn: \"mail{s}.corp.example\", ")
            } else {
                String::new()
            };
            writeln!(servers, "\"s{s}-{n}\": (name: \"S{s}-{n}\", place: Segment(\"lan{s}\"), platform: Exchange2003, organisation: \"o\", computer_name: \"s{s}-{n}\", directory_domain: \"corp.local\", addresses: [\"10.{s}.0.{}\"], group: \"g{s}\"),", n + 1).expect("text");
            writeln!(listeners, "\"s{s}-{n}/1\": (name: \"SMTP\", {fqdn}),").expect("text");
            writeln!(records, "\"in/corp.local/s{s}-{n}/a\": (data: A([\"10.{s}.0.{}\"])),", n + 1)
                .expect("text");
            writeln!(mail, "\"m{s}-{n}\": (name: \"M\", domain: \"d\", users_at: \"s{s}\", home: \"s{s}-{n}\", count: 50),").expect("text");
        }
        writeln!(records, "\"out/corp.example/mail{s}/a\": (data: A([\"203.0.113.{s}\"])),")
            .expect("text");
    }
    let text = format!(
        "(format: 1, plan: (name: \"Fifty sites\", as_is: (
            organisations: {{\"o\": (name: \"O\", directory_domains: [\"corp.local\"])}},
            domains: {{\"d\": (name: \"corp.example\", organisation: \"o\")}},
            sites: {{{sites}}}, segments: {{{segments}}}, lines: {{{lines}}}, firewalls: {{{firewalls}}},
            links: {{{links}}},
            views: {{\"in\": (name: \"Inside\"), \"out\": (name: \"Outside\", kind: Outside)}},
            zones: {{\"in/corp.local\": (), \"out/corp.example\": ()}},
            records: {{{records} \"out/corp.example/@/mx\": (data: Mx([\"10 mail0.corp.example\"])),}},
            resolvers: {{{resolvers}}}, servers: {{{servers}}}, listeners: {{{listeners}}},
            groups: {{{groups}}}, group_connectors: {{{connectors}}}, mailboxes: {{{mail}}},
        )))"
    );
    file::load(text.as_bytes()).unwrap_or_else(|e| panic!("{e}")).project
}

criterion_group!(benches, template, large, failures);
criterion_main!(benches);
