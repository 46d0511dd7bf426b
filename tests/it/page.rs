//! The report of a finished run, as a file and as a browser shows it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::done;

/// Two structures of a plain network, in a second, and their report.
fn report(folder: &Path, options: &[&str]) -> PathBuf {
    done(folder, &["run", "duty-desk", "--trials", "4", "--quiet"]);
    let arguments: Vec<&str> = ["report"].iter().chain(options).copied().collect();
    done(folder, &arguments);
    folder.join("output/duty-desk")
}

#[test]
fn a_report_is_written_again_under_another_title() {
    let home = tempfile::tempdir().unwrap();
    let folder = report(
        home.path(),
        &["--title", "One & two", "--author", "<Nobody>"],
    );
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("<h1>One &amp; two</h1>") && page.contains("By &lt;Nobody&gt;"));
    let text = fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(text.starts_with("# One \\& two\n"), "{}", &text[..80]);
    // What it links to in its folder is there.
    for link in text.split("](<").skip(1) {
        let link = link.split('>').next().unwrap();
        if !link.starts_with('#') && !link.starts_with("http") {
            assert!(folder.join(link).exists(), "{link} is not there");
        }
    }
    let before = page;
    done(
        home.path(),
        &["report", "--title", "One & two", "--author", "<Nobody>"],
    );
    let after = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(before == after, "the same run gave another page");
}

/// A browser that can be asked for the page as its scripts leave it, if there is one.
fn browser() -> Option<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let found = names
        .iter()
        .flat_map(|name| folders.iter().map(move |it| it.join(name)));
    found.into_iter().find(|it| it.is_file())
}

/// Asks the page, once its own script has run, for what only a browser knows.
const PROBE: &str = "<script>addEventListener('load', () => {
  const table = document.querySelector('table[data-sortable]');
  const head = table.tHead.rows[0].cells[1];
  head.querySelector('button').click();
  const wide = [...document.querySelectorAll('main *')].filter((one) =>
    one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll') && !one.closest('.hidden-words'));
  document.getElementById('unfold').click();
  document.body.dataset.probe = JSON.stringify({
    sorted: head.getAttribute('aria-sort'),
    overflow: document.documentElement.scrollWidth - innerWidth,
    outside: wide.length,
    copies: document.querySelectorAll('.claims button[aria-label]').length,
    folded: [...document.querySelectorAll('details')].filter((one) => !one.open).length,
    loaded: performance.getEntriesByType('resource').filter((one) => !one.name.startsWith('data:')).length,
  });
});</script></body>";

#[test]
fn the_page_works_in_a_browser() {
    let Some(browser) = browser() else {
        eprintln!("skipped: no Chromium on the path");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let folder = report(home.path(), &[]);
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    let probed = folder.join("probed.html");
    fs::write(&probed, page.replace("</body>", PROBE)).unwrap();
    for width in [1280, 500] {
        let output = Command::new(&browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
            .arg("--virtual-time-budget=3000")
            .arg(format!("--window-size={width},900"))
            .arg(format!(
                "--user-data-dir={}",
                home.path().join("browser").display()
            ))
            .arg(format!("file://{}", probed.display()))
            .output()
            .unwrap();
        let dom = String::from_utf8_lossy(&output.stdout);
        let Some((_, probe)) = dom.split_once("data-probe=\"") else {
            let said = String::from_utf8_lossy(&output.stderr);
            eprintln!("skipped: the browser does not show pages here: {said}");
            return;
        };
        let probe = probe.split('"').next().unwrap().replace("&quot;", "\"");
        let found: serde_json::Value = serde_json::from_str(&probe).unwrap();
        assert_eq!(found["sorted"], "ascending", "{probe}");
        assert!(
            found["overflow"].as_i64().unwrap() <= 0,
            "at {width}: {probe}"
        );
        assert_eq!(found["outside"], 0, "at {width}: {probe}");
        assert!(found["copies"].as_i64().unwrap() > 3, "{probe}");
        assert_eq!(found["folded"], 0, "{probe}");
        assert_eq!(found["loaded"], 0, "{probe}");
    }
}
