package dev.tars.runner.validation.checks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What looks like a credential in an added line. Only the first characters are ever shown. Every
 * pattern is free of nested repetition, so that a hostile line costs linear time.
 */
final class SecretCheck implements FileCheck {
  private static final int CHUNK = 4096;
  private static final int OVERLAP = 256;

  /**
   * @param anchors every match holds one of them: looked for first, for most lines hold none
   */
  private record Kind(String name, List<String> anchors, Pattern pattern) {
    boolean mayMatch(String text) {
      for (String anchor : anchors) {
        if (text.contains(anchor)) {
          return true;
        }
      }
      return false;
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          kind("an AWS access key", List.of("AKIA", "ASIA"), "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
          kind(
              "a GitHub token",
              List.of("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
              "\\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\\b"),
          kind("a GitLab token", List.of("glpat-"), "\\bglpat-[A-Za-z0-9_-]{20,64}"),
          kind("a Slack token", List.of("xox"), "\\bxox[abeoprs]-[0-9A-Za-z-]{20,200}"),
          kind("a Stripe key", List.of("k_live_"), "\\b[rs]k_live_[0-9A-Za-z]{20,100}\\b"),
          kind("a Google API key", List.of("AIza"), "\\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
          kind("an npm token", List.of("npm_"), "\\bnpm_[A-Za-z0-9]{36}\\b"),
          kind("a PyPI token", List.of("pypi-AgEI"), "\\bpypi-AgEI[A-Za-z0-9_-]{50,200}"),
          kind("an API key", List.of("sk-"), "\\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,200}\\b"),
          kind("a SendGrid key", List.of("SG."), "\\bSG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}"),
          kind(
              "an Azure storage key",
              List.of("AccountKey="),
              "\\bAccountKey=[A-Za-z0-9+/]{80,100}={0,2}"),
          kind(
              "a signed token",
              List.of("eyJ"),
              "\\beyJ[A-Za-z0-9_-]{17,500}\\.eyJ[A-Za-z0-9_-]{17,2000}\\.[A-Za-z0-9_-]{20,600}"),
          kind(
              "a private key",
              List.of("PRIVATE KEY"),
              "-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----"),
          kind(
              "a password in a URL",
              List.of("://"),
              "\\b[a-z][a-z0-9+.-]{1,15}://[^\\s/:@'\"]{1,80}:[^\\s/:@'\"$<>{}]{3,100}@[^\\s'\"]"));

  /** {@code password = "value"}: the name says it, and the value must look random. */
  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?i)(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)[\"']?"
              + "\\s{0,4}[:=]\\s{0,4}[\"']([^\"'\\s]{12,200})[\"']");

  private final CheckRules rules;

  SecretCheck(CheckRules rules) {
    this.rules = rules;
  }

  private static Kind kind(String name, List<String> anchors, String pattern) {
    return new Kind(name, anchors, Pattern.compile(pattern));
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    if (file.created()) {
      chunk(file, 0, file.pathText(), findings);
    }
    for (AddedLine line : file.added()) {
      String text = line.text();
      for (int from = 0; from < text.length(); from += CHUNK - OVERLAP) {
        chunk(
            file,
            line.number(),
            text.substring(from, Math.min(text.length(), from + CHUNK)),
            findings);
      }
    }
  }

  private void chunk(ChangedFile file, int number, String text, Findings findings) {
    for (Kind kind : KINDS) {
      if (kind.mayMatch(text)) {
        Matcher m = kind.pattern().matcher(text);
        if (m.find() && !isPlaceholder(m.group())) {
          report(file, number, kind.name(), m.group(), findings);
          return;
        }
      }
    }
    if (text.indexOf('"') < 0 && text.indexOf('\'') < 0) {
      return; // a value that is assigned is quoted
    }
    Matcher assigned = ASSIGNED.matcher(text);
    while (assigned.find()) {
      String value = assigned.group(1);
      if (!isPlaceholder(value) && entropy(value) > 3.5) {
        report(file, number, "a credential", value, findings);
        return;
      }
    }
  }

  private void report(ChangedFile file, int line, String kind, String value, Findings findings) {
    String start = value.substring(0, Math.min(4, value.length() / 4));
    findings.add(
        "secret.found",
        CheckRules.severity(rules.secrets()),
        file.path(),
        line,
        (line == 0 ? "its name holds what looks like " : "looks like ")
            + kind
            + " ("
            + start
            + "…, "
            + value.length()
            + " characters)");
  }

  private static boolean isPlaceholder(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    return lower.contains("example")
        || lower.contains("placeholder")
        || lower.contains("changeme")
        || lower.contains("xxxx")
        || lower.startsWith("$")
        || lower.contains("${")
        || lower.contains("{{")
        || lower.contains("your")
        || lower.contains("<");
  }

  /** Bits for each character; random base64 of this length has more than 4, words about 3. */
  private static double entropy(String value) {
    Map<Integer, Integer> counts = new HashMap<>();
    value.chars().forEach(c -> counts.merge(c, 1, Integer::sum));
    double bits = 0;
    for (int count : counts.values()) {
      double p = (double) count / value.length();
      bits -= p * Math.log(p) / Math.log(2);
    }
    return bits;
  }
}
