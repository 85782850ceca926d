package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code explain.toAgents: rule-id}: whoever the policy calls a program learns from no command and
 * from no file that a command writes what its rules say; a person does, from the same run.
 */
class ToldDockerIT {
  /** In patterns, reasons, fixes, conditions, messages, limits and teams, and nowhere else. */
  private static final String MARK = "Zq7|10130|9[.]9 KiB";

  private static final String POLICY =
      """
      filesystem:
        protect:
          - { id: own.protect, paths: ["{a.txt,Zq7pattern}"], reason: Zq7reason, fix: Zq7fix }
          - { paths: ["{src/b.txt,Zq7nameless}"], reason: Zq7reason }
        ask:
          - { id: own.ask, paths: ["{asked,Zq7asked}"], operations: [create], reason: Zq7reason, approval: own.approval }
        limits: { fileSize: 10130B }
      files:
        allow: [ { id: own.text, kinds: [text] } ]
        deny: [ { id: own.modes, modes: [executable], reason: Zq7reason } ]
      validation:
        gates:
          - { id: own-gate, type: Expression, cel: "!change.files.exists(f, f.path == 'gated' || f.path == 'Zq7')", message: Zq7message }
      teams: { Zq7team: [somebody] }
      approval:
        rules:
          - { id: own.approval, when: "size(change.files) > 10130", require: { count: 1, from: ["team:Zq7team"] } }
          - { id: own.doubt, when: "gates['Zq7gate'].result == 'passed'", require: { count: 1, from: ["team:Zq7team"] } }
        overrides: [ { gate: own-gate, by: ["team:Zq7team"], reason: required } ]
      explain: { toPeople: full, toAgents: rule-id }
      """;

  @TempDir private Path temp;
  private Terminal terminal;
  private Path said;

  /** What one command printed, and how it ended. */
  private record Said(int exit, String text) {}

  @Test
  void whatAPlanNames() throws IOException {
    both(
        "NAMED",
        "steps:\n"
            + "  - { id: n, type: FileModification, action: { file: a.txt, edits: [ { append: x } ] } }\n"
            + "  - { id: m, type: FileModification, action: { file: src/b.txt, edits: [ { append: x } ] } }\n",
        11,
        "own.protect",
        "yaml:9:7");
  }

  @Test
  void whatACommandDoes() throws IOException {
    both(
        "DONE",
        script("echo x >> a.txt; echo x >> src/b.txt; touch run; chmod +x run; seq 9999 > large"),
        11,
        "own.protect",
        "yaml:9:7",
        "own.modes",
        "filesystem.limits.fileSize");
  }

  @Test
  void whatAGateSays() throws IOException {
    both("GATED", script("echo x > gated"), 10, "own-gate");
  }

  @Test
  void whoMustAgree() throws IOException {
    both("ASKED", script("echo x > asked"), 12, "own.ask", "own.approval", "own.doubt");
  }

  private static String script(String script) {
    return "steps:\n  - id: run\n    type: CommandExecution\n    action: { argv: [sh, -c, '"
        + script
        + "'] }\n";
  }

  /** Told to a program and to a person: the same rules, and the mark only to the person. */
  private void both(String id, String steps, int exit, String... rules) throws IOException {
    String me = System.getProperty("user.name");
    Told agent = everything("agent", id, steps, "agents: [" + me + "]\n" + POLICY, exit);
    Told person = everything("person", id, steps, "agents: [somebody-else]\n" + POLICY, exit);
    assertThat(person.marked()).as("the control").contains("0: execute improvement");
    assertThat(person.marked()).as("the control").hasSizeGreaterThan(6);
    assertThat(agent.marked()).isEmpty();
    for (String rule : rules) {
      assertThat(agent.text()).contains(rule);
      assertThat(person.text()).contains(rule);
    }
  }

  /**
   * @param marked commands and files with the mark
   */
  private record Told(String text, List<String> marked) {}

  private Told everything(String who, String id, String steps, String policy, int exit)
      throws IOException {
    terminal = new Terminal(Files.createDirectories(temp.resolve(who)));
    terminal.plan(id, steps);
    // The policy names others who approve, so they could reach it.
    Files.setAttribute(Files.createDirectories(terminal.state), "unix:mode", 02770);
    said = Files.createDirectories(temp.resolve(who + "-out"));
    String file = terminal.policy(policy);
    List<List<String>> commands = new ArrayList<>();
    commands.add(
        List.of(
            "execute improvement --id " + id + " --policy " + file + " --output-dir " + said,
            "execute status --context-id last --detail",
            "execute status --context-id last --format json",
            "execute status --format json",
            "execute review --context-id last",
            "execute monitor --context-id last",
            "execute review --context-id last --approve --override own-gate",
            "execute review --context-id last --approve --format json",
            "execute logs --context-id last",
            "execute diff --stat --format json --context-id last",
            "execute rollback --context-id last --all",
            "policy explain --context-id last --all",
            "policy explain --context-id last --all --format json",
            "policy learn --from CTX-1",
            "policy impact --policy " + file,
            "audit show --format json"));
    commands.add(
        Stream.of("html", "markdown", "json", "junit", "sarif")
            .map(type -> "execute report --context-id last --type " + type)
            .toList());
    commands.add(
        List.of(
            "execute improvement --id " + id + " --format json --no-validate --policy " + file,
            "execute improvement --id " + id + " --no-backup --policy " + file));
    StringBuilder all = new StringBuilder();
    List<String> marked = new ArrayList<>();
    int number = 0;
    for (String command : commands.stream().flatMap(List::stream).toList()) {
      Said one = run(command);
      if (number == 0) {
        assertThat(one.exit()).as(one.text()).isEqualTo(exit);
      }
      add(number++ + ": " + command, one.text(), all, marked);
    }
    try (Stream<Path> files = Files.list(said)) {
      for (Path path : files.toList()) {
        add(path.getFileName().toString(), Files.readString(path), all, marked);
      }
    }
    return new Told(all.toString(), marked);
  }

  private static void add(String name, String text, StringBuilder all, List<String> marked) {
    all.append("\n== ").append(name).append('\n').append(text);
    if (text.lines().anyMatch(l -> l.matches(".*(" + MARK + ").*"))) {
      marked.add(name.replaceFirst(" --id.*", ""));
    }
  }

  private Said run(String command) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    List<String> words =
        new ArrayList<>(
            List.of("-w", terminal.workspace.toString(), "--state-dir", terminal.state.toString()));
    words.addAll(List.of(command.split(" ")));
    int exit = Main.run(words.toArray(String[]::new), new Console(text, text));
    return new Said(exit, text.toString(StandardCharsets.UTF_8));
  }
}
