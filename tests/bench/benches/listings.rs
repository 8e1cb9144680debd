//! Each way to walk a listing by itself, with criterion's statistics.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::path::Path;
use zendesk_csat_bench::listing::Listing;
use zendesk_csat_bench::service::Service;
use zendesk_csat_bench::walks::{Walks, Way};

const RECORDS: usize = 20_000;

fn listings(criterion: &mut Criterion) {
    let service = Service::start(Path::new(env!("CARGO_BIN_EXE_zendesk-csat-bench")), RECORDS);
    let walks = Walks::new(service.base_url(), RECORDS);
    for listing in Listing::ALL {
        let mut group = criterion.benchmark_group(listing.name());
        group
            .sample_size(10)
            .throughput(Throughput::Elements(RECORDS as u64));
        for way in Way::of(listing) {
            group.bench_function(way.name(), |bencher| bencher.iter(|| walks.walk(listing, *way)));
        }
    }
}

criterion_group!(benches, listings);
criterion_main!(benches);
