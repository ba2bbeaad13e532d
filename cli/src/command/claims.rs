//! `ringside claims`.

use std::fmt::Write as _;

use clap::Args;
use clap::builder::styling::{AnsiColor, Style};
use comfy_table::CellAlignment::Left;
use ringside_core::base::problem::Problem;
use ringside_core::study::claims::{Check, Claim, Effort, FULL_SEEDS, Finding, QUICK_SEEDS, Verdict};
use ringside_core::study::ensemble::Job;

use crate::arguments::JobsArguments;
use crate::failure::Failure;
use crate::output::Outcome;
use crate::parallel::run_all;
use crate::table::aligned;
use crate::{json, output};

const EXAMPLES: &str = "\
Examples:
  ringside claims
  ringside claims answer-share success-rate --seeds 30
  ringside claims --quick
  ringside claims --document 002 --json | jq '.[] | {experiment, verdict, value, expected, link}'
  ringside claims --json | jq '.[] | {id, verdict, value}'
  ringside claims --markdown > docs/claims.md

Output of --json, a list with one object per claim:
  experiment           name of the experiment, for documents that number theirs
  id, source, claim    name, origin (document and section), statement
  verdict              reproduced, not-reproduced, only-if, or undecided
  value, expected, sentence    the finding in words
  measure, unit, seeds, quick, link
  readings             the experiment as published, then under each variation: condition, standing
                       (holds, fails, open), value and arms, each with runs, undefined, mean, sd,
                       low and high (95 %), min, median, max

Exit codes:
  0  all claims were checked, whatever the findings
  2  unusable input (nothing was run), or an output that cannot be written";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ClaimsArguments {
    /// The claims to check [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Check only the claims of one document, such as 002
    #[arg(long, value_name = "NUMBER", conflicts_with = "ids")]
    document: Option<String>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000))]
    #[arg(help = format!(
        "Number of seeds of every experiment, 2 to 10000; more seeds give narrower intervals [default: {FULL_SEEDS}, \
         or {QUICK_SEEDS} with --quick]"
    ))]
    seeds: Option<u32>,
    /// Use few seeds and shorten long experiments
    #[arg(long)]
    quick: bool,
    #[command(flatten)]
    jobs: JobsArguments,
    /// Print a JSON list instead of text
    #[arg(long)]
    json: bool,
    /// Print a Markdown document instead of text
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

/// All verdicts, in the order of the summary line.
const VERDICTS: [Verdict; 4] =
    [Verdict::Reproduced, Verdict::OnlyIf, Verdict::NotReproduced, Verdict::Undecided];

pub(crate) fn claims(arguments: &ClaimsArguments) -> Result<Outcome, Failure> {
    let claims = match &arguments.document {
        Some(document) => of_document(document)?,
        None => selected(&arguments.ids)?,
    };
    let seeds = arguments.seeds.unwrap_or(if arguments.quick { QUICK_SEEDS } else { FULL_SEEDS });
    let effort = Effort { seeds, quick: arguments.quick };
    let mut check = Check::new(claims, effort).map_err(Failure::one)?;
    let jobs: Vec<_> = check.jobs().collect();
    run_all(&jobs, "runs", arguments.jobs.threads(), Job::run, |outcome| check.put(outcome));
    let findings = check.news().map_err(Failure::one)?;
    if arguments.json {
        json::print(&findings)?;
    } else if arguments.markdown {
        output::print(&markdown(&findings, effort))?;
    } else {
        output::print(&text(&findings))?;
    }
    Ok(Outcome::Success)
}

/// The claims of one document.
fn of_document(document: &str) -> Result<Vec<&'static Claim>, Failure> {
    let found: Vec<_> = Claim::all().filter(|claim| claim.source.seed == document).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let mut documents: Vec<_> = Claim::all().map(|claim| claim.source.seed).collect();
    documents.sort_unstable();
    documents.dedup();
    let remedy = format!("the documents with claims are {}", documents.join(", "));
    Err(Failure::one(Problem::new("--document", format!("no claim is of document {document:?}"), remedy)))
}

/// The named claims, each once; all if none is named.
fn selected(ids: &[String]) -> Result<Vec<&'static Claim>, Failure> {
    if ids.is_empty() {
        return Ok(Claim::all().collect());
    }
    let found = ids.iter().map(|id| Claim::by_id(id));
    let problems: Vec<_> = found.clone().filter_map(Result::err).collect();
    if !problems.is_empty() {
        return Err(Failure::of("the list of claims", problems));
    }
    let is_wanted = |claim: &&Claim| ids.iter().any(|id| id == claim.id);
    Ok(Claim::all().filter(is_wanted).collect())
}

/// Three lines a claim: an aligned row of facts, the statement, and the finding.
fn text(findings: &[Finding]) -> String {
    let rows: Vec<_> = findings.iter().map(facts).collect();
    let lines = aligned(&[Left; 3], &rows);
    let mut text = String::new();
    for (finding, line) in findings.iter().zip(lines) {
        let style = style(finding.verdict);
        let head = line.split_at(line.find("  ").unwrap_or_default());
        let source = format!("{}, {}", finding.source.seed, finding.source.section);
        let _ = write!(
            text,
            "{style}{}{style:#}{}\n    {} ({source})\n    {}\n\n",
            head.0, head.1, finding.claim, finding.sentence
        );
    }
    text + &count(findings) + "\n" + &chance(findings) + "\n"
}

/// Number of intervals that miss their mean by chance alone: one in twenty of those that have a width.
fn chance(findings: &[Finding]) -> String {
    let readings = findings.iter().flat_map(|finding| &finding.readings);
    let intervals = readings.filter(|reading| reading.value.low < reading.value.high).count();
    let missed = (intervals + 10) / 20;
    format!("Of {intervals} intervals of 95 %, {missed} are expected to miss the true mean by chance alone.")
}

fn facts(finding: &Finding) -> [String; 3] {
    let verdict = format!("{} {}", finding.verdict.glyph(), finding.verdict.words());
    [verdict, finding.id.to_owned(), finding.value.clone()]
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Reproduced => AnsiColor::Green.on_default(),
        Verdict::OnlyIf => AnsiColor::Yellow.on_default(),
        Verdict::NotReproduced => AnsiColor::Red.on_default(),
        Verdict::Undecided => Style::new().dimmed(),
    }
}

/// The number of claims with each verdict: `7 reproduced, 3 only if, 2 not reproduced`.
fn count(findings: &[Finding]) -> String {
    let counted = VERDICTS.map(|verdict| {
        let count = findings.iter().filter(|finding| finding.verdict == verdict).count();
        (count, verdict.words())
    });
    let parts =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// The findings as a Markdown document.
fn markdown(findings: &[Finding], effort: Effort) -> String {
    let quick = if effort.quick { " --quick" } else { "" };
    let mut text = format!(
        "# Claims of the documents, and findings\n\nMade by `ringside claims{quick} --seeds {} --markdown`, with {} seeds for \
         every experiment: {}. Values are means with 95 % intervals. {} Each claim has the link of its first run: append \
         it to the page's URL, or pass it to `ringside run`.\n\n\
         | | Claim | Value | Expected |\n|---|---|---|---|\n",
        effort.seeds,
        effort.seeds,
        count(findings),
        chance(findings)
    );
    for finding in findings {
        let Finding { id, verdict, value, expected, .. } = finding;
        let _ = writeln!(
            text,
            "| {} {} | [{id}](#{id}) | {value} | {expected} |",
            verdict.glyph(),
            verdict.words()
        );
    }
    for finding in findings {
        let Finding { id, verdict, source, claim, sentence, link, .. } = finding;
        let _ = write!(
            text,
            "\n## {id}\n\nDocument {}, \"{}\": {claim}\n\n{} **{}.** {sentence}\n\n`#s={link}`\n",
            source.seed,
            source.section,
            verdict.glyph(),
            verdict.words()
        );
    }
    text
}
