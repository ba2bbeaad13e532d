//! `ringside claims`.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use comfy_table::CellAlignment::Left;
use ringside_core::study::claims::{Check, Claim, Effort, FULL_SEEDS, Finding, QUICK_SEEDS, Verdict};
use ringside_core::study::ensemble::Job;

use crate::args::ClaimsArguments;
use crate::failure::Failure;
use crate::output::Outcome;
use crate::parallel::{run_all, threads};
use crate::table::aligned;
use crate::{json, output};

/// All verdicts, in the order in which they are counted.
const VERDICTS: [Verdict; 4] =
    [Verdict::Reproduced, Verdict::OnlyIf, Verdict::NotReproduced, Verdict::Undecided];

pub(crate) fn claims(arguments: &ClaimsArguments) -> Result<Outcome, Failure> {
    let claims = selected(&arguments.ids)?;
    let seeds = arguments.seeds.unwrap_or(if arguments.quick { QUICK_SEEDS } else { FULL_SEEDS });
    let effort = Effort { seeds, quick: arguments.quick };
    let mut check = Check::new(claims, effort).map_err(Failure::one)?;
    let jobs: Vec<_> = check.jobs().collect();
    run_all(&jobs, "runs", threads(arguments.jobs), Job::run, |outcome| check.put(outcome));
    let findings = check.news().map_err(Failure::one)?;
    if arguments.json {
        json::print(&findings)?;
    } else if arguments.markdown {
        output::print(&markdown(&findings, effort))?;
    } else {
        output::print(&text(&findings))?;
    }
    Ok(Outcome::Fine)
}

/// The claims that are named, each once; all where none is.
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

/// Three lines for each claim: the facts below one another, what it says, and what was found.
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
    text + &count(findings) + "\n"
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

/// How often each verdict was found: `7 reproduced, 3 only if, 2 not reproduced`.
fn count(findings: &[Finding]) -> String {
    let counted = VERDICTS.map(|verdict| {
        let count = findings.iter().filter(|finding| finding.verdict == verdict).count();
        (count, verdict.words())
    });
    let parts =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// The document of a check.
fn markdown(findings: &[Finding], effort: Effort) -> String {
    let quick = if effort.quick { " --quick" } else { "" };
    let mut text = format!(
        "# What the seeds claim, and what is so\n\nMade by `ringside claims{quick} --seeds {} --markdown`, with {} seeds for \
         every experiment: {}. Values are means with their 95 % intervals. With each claim stands the link of its first \
         run: put it behind the address of the page, or pass it to `ringside run`.\n\n\
         | | Claim | Value | Expected |\n|---|---|---|---|\n",
        effort.seeds,
        effort.seeds,
        count(findings)
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
            "\n## {id}\n\nSeed {}, \"{}\": {claim}\n\n{} **{}.** {sentence}\n\n`#s={link}`\n",
            source.seed,
            source.section,
            verdict.glyph(),
            verdict.words()
        );
    }
    text
}
