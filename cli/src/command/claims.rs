//! `ringside claims`.

use std::fmt::Write as _;

use clap::Args;
use clap::builder::styling::{AnsiColor, Style};
use comfy_table::CellAlignment::Left;
use ringside_core::study::claims::{
    Agreement, Check, Claim, DOCUMENTS, Document, Effort, FULL_SEEDS, Finding, QUICK_SEEDS, Reading, Verdict,
};
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
        Some(number) => Document::by_number(number).map_err(Failure::one)?.claims().collect(),
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
fn count<'a>(findings: impl IntoIterator<Item = &'a Finding, IntoIter: Clone>) -> String {
    let findings = findings.into_iter();
    let counted = VERDICTS.map(|verdict| {
        let count = findings.clone().filter(|finding| finding.verdict == verdict).count();
        (count, verdict.words())
    });
    let parts =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// The findings as a Markdown document: a page to read in a minute, a table, and each claim in full.
fn markdown(findings: &[Finding], effort: Effort) -> String {
    let quick = if effort.quick { " --quick" } else { "" };
    let mut text = format!(
        "# Claims of the documents, and findings\n\nMade by `ringside claims{quick} --seeds {} --markdown`, with {} seeds for \
         every experiment: {}. Values are means with 95 % intervals. {} Each claim has the link of its first run: append \
         it to the page's URL, or pass it to `ringside run`.\n",
        effort.seeds,
        effort.seeds,
        count(findings),
        chance(findings)
    );
    let chapters: Vec<Chapter<'_>> = DOCUMENTS.iter().filter_map(|one| Chapter::of(one, findings)).collect();
    chapters.iter().for_each(|chapter| chapter.write_headlines(&mut text));
    chapters.iter().for_each(|chapter| chapter.write_table(&mut text));
    chapters.iter().flat_map(|chapter| &chapter.findings).for_each(|finding| write_claim(&mut text, finding));
    text
}

/// A document with the findings about it.
struct Chapter<'a> {
    document: &'static Document,
    findings: Vec<&'a Finding>,
}

impl<'a> Chapter<'a> {
    /// `None` without a finding.
    fn of(document: &'static Document, findings: &'a [Finding]) -> Option<Self> {
        let findings: Vec<_> =
            findings.iter().filter(|finding| finding.source.seed == document.number).collect();
        (!findings.is_empty()).then_some(Self { document, findings })
    }

    fn title(&self) -> String {
        format!("Document {}: {}", self.document.number, self.document.title)
    }

    /// The verdicts on the document, and its claims to read first.
    fn write_headlines(&self, text: &mut String) {
        let _ = write!(text, "\n**{}**: {}.\n\n", self.title(), count(self.findings.iter().copied()));
        let is_headline = |finding: &&&Finding| self.document.headlines.contains(&finding.id);
        for finding in self.findings.iter().filter(is_headline) {
            let Finding { id, verdict, claim, value, .. } = finding;
            let glyph = verdict.glyph();
            let _ = writeln!(text, "- {glyph} *{}*: {claim} [{value}](#{id})", verdict_in_words(finding));
        }
    }

    fn write_table(&self, text: &mut String) {
        let _ = write!(text, "\n## {}\n\n| | Claim | Value | Expected |\n|---|---|---|---|\n", self.title());
        for finding in &self.findings {
            let Finding { id, verdict, value, expected, .. } = finding;
            let (glyph, words) = (verdict.glyph(), verdict.words());
            let _ = writeln!(text, "| {glyph} {words} | [{id}](#{id}) | {value} | {expected} |");
        }
    }
}

/// The verdict, with the condition under which a claim holds.
fn verdict_in_words(finding: &Finding) -> String {
    let holds = |reading: &&Reading| reading.agreement == Agreement::Holds;
    let condition = finding.readings.iter().find(holds).and_then(|reading| reading.condition);
    match (finding.verdict, condition) {
        (Verdict::OnlyIf, Some(condition)) => format!("only if {condition}"),
        (verdict, _) => verdict.words().to_owned(),
    }
}

fn write_claim(text: &mut String, finding: &Finding) {
    let Finding { id, verdict, source, claim, sentence, link, .. } = finding;
    let _ = write!(
        text,
        "\n### {id}\n\nDocument {}, \"{}\": {claim}\n\n{} **{}.** {sentence}\n\n`#s={link}`\n",
        source.seed,
        source.section,
        verdict.glyph(),
        verdict.words()
    );
}
