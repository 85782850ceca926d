package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The transcripts of the policy guide, line by line: what stands there is what is printed. Their
 * second half is about a run that was denied, so it is run first.
 */
class PolicyGuideDockerIT {
  private static final String HEAD = "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\n";
  private static final String NARROW =
      """
      metadata: { name: documentation }
      extends: [{ ref: "builtin:locked" }]
      approval: { selfApproval: allow }
      filesystem:
        default: deny
        write: [{ id: docs, paths: ["docs/**"] }]
      """;
  private static final String TEAM =
      """
      metadata: { name: team }
      extends: [{ ref: "builtin:standard" }]
      filesystem:
        limits: { filesChanged: 5 }
      approval: { count: 2 }
      """;
  private static final Path GUIDE =
      Path.of(System.getProperty("tars.root", "..")).resolve("docs/policy-guide.md");
  private static final String CSV = "java/org/apache/commons/csv/CSVFormat";

  @TempDir private Path temp;
  private Terminal terminal;

  /** A command of the guide and the lines below it. */
  private record Shown(String command, List<String> lines) {}

  @BeforeEach
  void settle() throws IOException {
    terminal = new Terminal(temp);
    terminal.write("pom.xml", "<project/>\n");
    terminal.write("src/main/" + CSV + ".java", "class CSVFormat {}\n");
    terminal.write("src/test/" + CSV + "Test.java", "class CSVFormatTest {}\n");
    policy("typo.yaml", "metadata: { name: typo }\n\nfilesytem:\n  write: []\n");
    policy("narrow.yaml", NARROW);
    policy("team.yaml", TEAM);
    assertThat(GUIDE).content().contains("```yaml\n" + HEAD + NARROW + "```\n");
    assertThat(GUIDE).content().contains("```yaml\n" + HEAD + TEAM + "```\n");
  }

  private void policy(String name, String body) throws IOException {
    Path file = temp.resolve(name);
    Files.writeString(file, HEAD + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void everyTranscriptIsWhatIsPrinted() throws IOException {
    plan("CSV", "src/main/" + CSV + ".java", "src/test/" + CSV + "Test.java");
    plan("DOCS", "docs/a.md");
    executes("CSV", "narrow.yaml", 11);
    List<Shown> all = shown();
    assertThat(all).hasSizeGreaterThanOrEqualTo(9);
    for (Shown shown : all) {
      if (shown.command().contains("policy impact")) {
        executes("DOCS", "narrow.yaml", 12);
      }
      assertThat(printed(shown.command())).as(shown.command()).matches(pattern(shown));
    }

    // What was learned lets the denied run pass, and widens nothing but what was denied.
    executes("CSV", "learned.yaml", 12);
    Terminal.Ended diff = run("policy diff narrow.yaml learned.yaml");
    assertThat(diff.exit()).isEqualTo(21);
    assertThat(diff.out().lines().filter(l -> l.matches(" *(wider|narrower|both|changed) .*")))
        .allMatch(l -> l.contains("learned.write.1"))
        .hasSize(2); // the requests that it lets pass, and the rule itself
    for (String path : List.of("src/main/" + CSV + "s.java", "pom.xml")) {
      assertThat(run("policy check --policy learned.yaml write " + path).exit()).isEqualTo(11);
    }
    String learned = "policy check --policy learned.yaml write src/main/" + CSV + ".java";
    assertThat(run(learned).exit()).isZero(); // the control
    assertThat(run(learned + " --operation delete").exit()).isEqualTo(11);
  }

  private void plan(String id, String... files) {
    StringBuilder steps = new StringBuilder("steps:\n");
    for (int i = 0; i < files.length; i++) {
      steps.append("  - { id: change-").append(i + 1).append(", type: ");
      steps.append(
          files[i].endsWith(".md")
              ? "FileCreation, action: { file: " + files[i] + ", content: \"text\\n\" } }\n"
              : "FileModification, action: { file: "
                  + files[i]
                  + ", edits: [ { append: \"// more\\n\" } ] } }\n");
    }
    terminal.plan(id, steps.toString());
  }

  private void executes(String id, String policy, int exit) {
    Terminal.Ended ended = run("execute improvement --id " + id + " --policy " + policy);
    assertThat(ended.exit()).as(ended.err()).isEqualTo(exit);
  }

  private Terminal.Ended run(String command) {
    return terminal.run(command.replace("~", temp.toString()).split(" "));
  }

  private String printed(String command) {
    Terminal.Ended ended = run(command);
    String said = ended.out().isEmpty() ? ended.err() : ended.out();
    return said.replace(temp + "/.config", "~/.config").replace(temp + "/", "").stripTrailing();
  }

  /** Each line as it stands; a line with three dots alone is any number of lines. */
  private static Pattern pattern(Shown shown) {
    StringBuilder pattern = new StringBuilder("(?s)");
    for (String line : shown.lines()) {
      pattern.append(line.strip().equals("…") ? "(?:.*(?:\n|\\z))?" : quoted(line) + "\n?");
    }
    return Pattern.compile(pattern.toString());
  }

  /**
   * The line as it stands, but for the place within a built-in policy, which moves as that grows.
   */
  private static String quoted(String line) {
    return Pattern.quote(line)
        .replaceAll("(builtin:[a-z]+):[0-9]+:[0-9]+", "$1:\\\\E[0-9]+:[0-9]+\\\\Q");
  }

  private static List<Shown> shown() throws IOException {
    List<Shown> all = new ArrayList<>();
    boolean inside = false;
    boolean fenced = false;
    boolean commanded = false; // an excerpt that begins with no command belongs to none
    for (String line : Files.readAllLines(GUIDE)) {
      if (line.startsWith("```")) {
        fenced = !fenced;
        inside = fenced && line.equals("```");
        commanded = false;
      } else if (inside && line.startsWith("$ tarscli ")) {
        all.add(new Shown(line.substring("$ tarscli ".length()), new ArrayList<>()));
        commanded = true;
      } else if (inside && commanded) {
        all.getLast().lines().add(line);
      }
    }
    return all;
  }
}
