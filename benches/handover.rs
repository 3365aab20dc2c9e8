//! How long the handover and a run of live checks take: the template's PDF, and 1 000 questions at 64
//! in flight to a network that answers after 30 ms. Goals: 100 ms and 1 s. Figures with their machine
//! stand in `benches/README.md`.

use bridgehead::{
    analysis::analyse,
    model::{Subject, dns::RecordKind, name::Fqdn},
    probe::{
        Cancel, Greet, GreetReply, Job, Lookup, Manners, NoAnswer, Query, Reply, Route, Timed, run,
        wire::Message,
    },
    report::{
        ReportOptions, build,
        pdf::{PdfOptions, lay_out, render},
    },
    sim::expected::{Ask, Expected, Question, Side},
    templates,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::{hint::black_box, net::SocketAddr, sync::Arc, time::Duration};

fn printed(c: &mut Criterion) {
    let plan = templates::find("two-sites-exchange-2003").expect("the template").plan;
    let analysis = analyse(&plan);
    let options = ReportOptions { date: "2026-11-24".to_owned(), ..ReportOptions::default() };
    c.bench_function("template: document and PDF", |b| {
        b.iter(|| {
            let document = build(black_box(&analysis), &options);
            render(&document, &PdfOptions::default()).expect("it prints")
        });
    });
    c.bench_function("template: document and pages, as the preview makes them", |b| {
        b.iter(|| {
            let document = build(black_box(&analysis), &options);
            lay_out(&document, &PdfOptions::default()).expect("it prints")
        });
    });
}

/// A network that answers every question with no record, after a while.
struct Slow(Duration);

impl Lookup for Slow {
    async fn whole(&self, _: &Query) -> Timed<Reply> {
        tokio::time::sleep(self.0).await;
        Timed { reply: Ok(Message::default()), took: Some(self.0) }
    }
}

impl Greet for Slow {
    async fn greet(&self, _: SocketAddr) -> Timed<GreetReply> {
        Timed { reply: GreetReply::None(NoAnswer::Closed), took: None }
    }
}

fn question(number: usize) -> Question {
    let name: Fqdn = format!("host{number}.hartwell.example").parse().expect("a name");
    let subject: Subject = "view:inside".parse().expect("a subject");
    Question {
        key: format!("inside {name} a"),
        text: format!("{name} A, inside"),
        subject,
        also: Vec::new(),
        from: None,
        ask: Ask::Name { side: Side::Inside, name, kind: RecordKind::A },
        expected: Expected::Nothing,
        ttl_s: None,
        facts: number.to_string(),
    }
}

fn probed(c: &mut Criterion) {
    let route = Route { inside: Some(([127, 0, 0, 1], 53).into()), ..Route::default() };
    let questions = (0..1000).map(question).collect();
    let job = Job { phase: 0, phase_key: "@as-is".to_owned(), questions, route };
    let manners = Manners { in_flight: 64, ..Manners::default() };
    let network = Arc::new(Slow(Duration::from_millis(30)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut group = c.benchmark_group("probe");
    group.sample_size(10);
    group.bench_function("1 000 questions, 64 in flight, 30 ms each", |b| {
        b.iter(|| {
            let (network, job) = (Arc::clone(&network), job.clone());
            let cancel = Cancel::default();
            let checks = runtime.block_on(run(network, job, manners, &cancel, String::new, |_| {}));
            assert_eq!(checks.len(), 1000);
        });
    });
    group.finish();
}

criterion_group!(benches, printed, probed);
criterion_main!(benches);
