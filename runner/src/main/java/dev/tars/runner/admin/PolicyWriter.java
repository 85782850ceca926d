package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.FileOperation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes a policy that extends another one, each rule with its evidence and risk above it. */
final class PolicyWriter {
  private final Base base;

  PolicyWriter(Base base) {
    this.base = base;
  }

  /**
   * What is extended.
   *
   * @param shown for people
   * @param reference the line below {@code extends}
   */
  record Base(String shown, String reference, List<String> contexts) {
    Base {
      contexts = List.copyOf(contexts);
    }
  }

  /** Collects the lines of each section. */
  static final class Rules {
    private final List<String> writes = new ArrayList<>();
    private final List<String> reads = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();
    private final List<String> connects = new ArrayList<>();
    private final List<String> variables = new ArrayList<>();
    private final List<String> variableNotes = new ArrayList<>();
    private int count;

    int count() {
      return count;
    }

    void write(
        Learned.Addition addition, Collection<RelativePath> paths, Set<FileOperation> operations) {
      List<String> words = operations.stream().map(o -> o.name().toLowerCase(Locale.ROOT)).toList();
      rule(
          writes,
          addition,
          "paths: "
              + list(paths.stream().map(p -> p.bytes().lossyText()).toList())
              + ", operations: ["
              + String.join(", ", words)
              + "]");
    }

    void read(Learned.Addition addition, RelativePath path) {
      rule(reads, addition, "paths: " + list(List.of(path.bytes().lossyText())));
    }

    void run(Learned.Addition addition, List<String> argv) {
      rule(runs, addition, "argv: " + list(argv));
    }

    void connect(Learned.Addition addition, Request.Connect to) {
      boolean address = to.host().matches("[0-9.]+|.*:.*");
      String where =
          address
              ? "cidrs: " + list(List.of(to.host() + (to.host().contains(":") ? "/128" : "/32")))
              : "hosts: " + list(List.of(to.host()));
      rule(
          connects,
          addition,
          where
              + ", ports: ["
              + to.port()
              + "], phases: ["
              + to.phase().word()
              + "]"
              + to.method().map(m -> ", scheme: http, methods: [" + m + "]").orElse(""));
    }

    void env(Learned.Addition addition, String name) {
      variables.add(name);
      notes(variableNotes, addition, "  ");
    }

    private void rule(List<String> into, Learned.Addition addition, String rest) {
      count++;
      notes(into, addition, "    ");
      into.add("    - { id: " + addition.id() + ", " + rest + " }");
    }

    private static void notes(List<String> into, Learned.Addition addition, String indent) {
      List<String> seen =
          addition.evidence().stream().map(DeniedRequest::toString).distinct().toList();
      String more = seen.size() > 8 ? " and " + (seen.size() - 8) + " more" : "";
      into.add(
          indent
              + "# denied in "
              + String.join(", ", seen.subList(0, Math.min(8, seen.size())))
              + more);
      into.add(
          indent
              + "# risk: "
              + addition.level().name().toLowerCase(Locale.ROOT)
              + ": "
              + dev.tars.runner.model.Escape.line(addition.risk()));
    }
  }

  String write(Rules rules) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Learned from " + String.join(", ", base.contexts()) + " by `tarscli policy learn`.");
    lines.add(
        "# It adds what no rule spoke of, and nothing else. Read each line before you use it.");
    lines.add("apiVersion: tars.dev/policy/v1");
    lines.add("kind: PermissionPolicy");
    lines.add("metadata: { name: learned, description: " + quoted("Learned from runs") + " }");
    lines.add("extends:");
    lines.add("  - " + base.reference());
    if (!rules.writes.isEmpty() || !rules.reads.isEmpty()) {
      lines.add("filesystem:");
      section(lines, "  read:", rules.reads);
      section(lines, "  write:", rules.writes);
    }
    if (!rules.runs.isEmpty()) {
      lines.add("processes:");
      section(lines, "  allow:", rules.runs);
    }
    if (!rules.connects.isEmpty()) {
      lines.add("network:");
      section(lines, "  allow:", rules.connects);
    }
    if (!rules.variables.isEmpty()) {
      lines.add("environment:");
      lines.addAll(rules.variableNotes);
      lines.add("  planMaySet: " + list(rules.variables));
    }
    return String.join("\n", lines) + "\n";
  }

  private static void section(List<String> lines, String key, List<String> rules) {
    if (!rules.isEmpty()) {
      lines.add(key);
      lines.addAll(rules);
    }
  }

  /** JSON is YAML, and quotes whatever a text holds. */
  static String list(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array.toString().replace("\",\"", "\", \"");
  }

  static String quoted(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }
}
