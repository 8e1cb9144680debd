//! The picture of the trend: the score with its interval above, ratings sent and answered below.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::format;
use super::model::Bucket;

/// The colors of the picture on white. The page's style finds the shapes by them and gives them its own in the dark.
pub(super) const SCORE: RGBColor = RGBColor(0x1D, 0x5F, 0xC4);
pub(super) const ANSWERED: RGBColor = RGBColor(0x5B, 0x8D, 0xD9);
pub(super) const SENT: RGBColor = RGBColor(0xC9, 0xD3, 0xE0);
pub(super) const LABEL: RGBColor = RGBColor(0x56, 0x60, 0x6B);
pub(super) const GRID: RGBColor = RGBColor(0xDF, 0xE3, 0xE8);
pub(super) const SEAM: RGBColor = RGBColor(0x9A, 0x67, 0x00);

/// A picture's size in CSS pixels; it scales with the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) width: u32,
    pub(super) height: u32,
    time_labels: usize,
    /// How many of the last buckets fit.
    pub(super) most_buckets: usize,
}

pub(super) const WIDE: Size = Size {
    width: 1100,
    height: 380,
    time_labels: 9,
    most_buckets: 156,
};
pub(super) const NARROW: Size = Size {
    width: 380,
    height: 320,
    time_labels: 4,
    most_buckets: 53,
};

const MARGIN: u32 = 8;
/// Room for half a label.
const RIGHT_MARGIN: u32 = 28;
const LEFT_LABELS: u32 = 52;
const BOTTOM_LABELS: u32 = 24;
const FONT: (&str, i32) = ("sans-serif", 16);

/// Above so many buckets only the line is drawn, not a dot for each.
const MOST_DOTS: usize = 60;

type Failed<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;
type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws buckets that follow each other in time as one SVG element; none if there is nothing to draw.
pub(super) fn trend(buckets: &[Bucket], size: Size) -> Option<String> {
    if buckets.iter().all(|bucket| bucket.score.answered == 0) {
        return None;
    }
    let mut svg = String::new();
    draw(&mut svg, buckets, size).ok()?;
    Some(svg)
}

fn draw<'a>(svg: &'a mut String, buckets: &[Bucket], size: Size) -> Result<(), Failed<'a>> {
    let root = SVGBackend::with_string(svg, (size.width, size.height)).into_drawing_area();
    let (scores, volumes) = root.split_vertically(size.height * 2 / 3);
    draw_scores(&scores, buckets)?;
    draw_volumes(&volumes, buckets, size)?;
    root.present()
}

fn draw_scores<'a>(area: &Area<'a>, buckets: &[Bucket]) -> Result<(), Failed<'a>> {
    let floor = format::axis_floor(buckets);
    let mut chart = ChartBuilder::on(area)
        .margin(MARGIN)
        .margin_right(RIGHT_MARGIN)
        .set_label_area_size(LabelAreaPosition::Left, LEFT_LABELS)
        .build_cartesian_2d(across(buckets), floor..100.0)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .y_labels(5)
        .y_label_formatter(&|percent| format!("{percent:.0}%"))
        .label_style(FONT.into_font().color(&LABEL))
        .axis_style(GRID)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .draw()?;
    draw_seam(&mut chart, buckets, floor..100.0, true)?;
    let points: Vec<Option<Point>> = buckets
        .iter()
        .enumerate()
        .map(|(index, bucket)| Point::new(index, bucket))
        .collect();
    for run in points.split(Option::is_none) {
        let run: Vec<Point> = run.iter().copied().flatten().collect();
        match run.as_slice() {
            [] => {}
            [one] => {
                let interval = vec![(one.at, one.low), (one.at, one.high)];
                chart.draw_series([PathElement::new(interval, SCORE.mix(0.35).stroke_width(5))])?;
            }
            many => {
                let lower = many.iter().map(|point| (point.at, point.low));
                let upper = many.iter().rev().map(|point| (point.at, point.high));
                chart.draw_series([Polygon::new(
                    lower.chain(upper).collect::<Vec<_>>(),
                    SCORE.mix(0.18),
                )])?;
                let line: Vec<(f64, f64)> = many.iter().map(|point| (point.at, point.csat)).collect();
                chart.draw_series([PathElement::new(line, SCORE.stroke_width(2))])?;
            }
        }
        if run.len() == 1 || buckets.len() <= MOST_DOTS {
            chart.draw_series(
                run.iter()
                    .map(|point| Circle::new((point.at, point.csat), 3, SCORE.filled())),
            )?;
        }
    }
    Ok(())
}

fn draw_volumes<'a>(area: &Area<'a>, buckets: &[Bucket], size: Size) -> Result<(), Failed<'a>> {
    let most = buckets
        .iter()
        .map(|bucket| bucket.score.sent)
        .max()
        .unwrap_or_default()
        .max(1) as f64;
    let mut chart = ChartBuilder::on(area)
        .margin(MARGIN)
        .margin_right(RIGHT_MARGIN)
        .set_label_area_size(LabelAreaPosition::Left, LEFT_LABELS)
        .set_label_area_size(LabelAreaPosition::Bottom, BOTTOM_LABELS)
        .build_cartesian_2d(across(buckets), 0.0..most * 1.05)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(size.time_labels)
        .x_label_formatter(&|at| time_label(buckets, *at))
        .y_labels(3)
        .y_label_formatter(&|number| volume_label(*number))
        .label_style(FONT.into_font().color(&LABEL))
        .axis_style(GRID)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (color, of) in [(SENT, false), (ANSWERED, true)] {
        chart.draw_series(buckets.iter().enumerate().map(|(index, bucket)| {
            let at = index as f64;
            let number = if of {
                bucket.score.answered
            } else {
                bucket.score.sent
            };
            Rectangle::new([(at - 0.36, 0.0), (at + 0.36, number as f64)], color.filled())
        }))?;
    }
    draw_seam(&mut chart, buckets, 0.0..most * 1.05, false)
}

/// A line where the first survey was sent.
fn draw_seam<'a>(
    chart: &mut Chart<'_, 'a>,
    buckets: &[Bucket],
    height: std::ops::Range<f64>,
    named: bool,
) -> Result<(), Failed<'a>> {
    let Some(index) = buckets.iter().position(|bucket| bucket.surveys_began) else {
        return Ok(());
    };
    let at = index as f64 - 0.5;
    chart.draw_series([PathElement::new(
        vec![(at, height.start), (at, height.end)],
        SEAM.stroke_width(1),
    )])?;
    if named {
        let (text, side) = if index * 2 < buckets.len() {
            (" surveys →", HPos::Left)
        } else {
            ("← legacy ratings ", HPos::Right)
        };
        let style = FONT.into_font().color(&SEAM).pos(Pos::new(side, VPos::Bottom));
        chart.draw_series([Text::new(text, (at, height.start), style)])?;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
struct Point {
    at: f64,
    csat: f64,
    low: f64,
    high: f64,
}

impl Point {
    fn new(index: usize, bucket: &Bucket) -> Option<Self> {
        let interval = bucket.score.interval()?;
        Some(Self {
            at: index as f64,
            csat: bucket.score.csat_percent?,
            low: interval.low,
            high: interval.high,
        })
    }
}

fn across(buckets: &[Bucket]) -> std::ops::Range<f64> {
    -0.6..buckets.len() as f64 - 0.4
}

/// The first day of the bucket here; nothing between two buckets.
fn time_label(buckets: &[Bucket], at: f64) -> String {
    let index = at.round();
    if (at - index).abs() > 0.01 || index < 0.0 {
        return String::new();
    }
    let bucket = buckets.get(index as usize);
    bucket
        .and_then(|bucket| bucket.starts_on)
        .map_or_else(String::new, |start| start.format("%-d %b %y").to_string())
}

fn volume_label(number: f64) -> String {
    match number {
        _ if number >= 1e6 => format!("{} M", number / 1e6),
        _ if number >= 1e4 => format!("{} k", number / 1e3),
        _ if number.fract() == 0.0 => format!("{number}"),
        _ => String::new(),
    }
}
