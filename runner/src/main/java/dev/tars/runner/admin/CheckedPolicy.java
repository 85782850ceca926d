package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FileProblem;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code policy validate} found in one file.
 *
 * @param digest of the policy; empty if it does not load
 */
public record CheckedPolicy(String name, String digest, List<FileProblem> problems) {
  public CheckedPolicy {
    problems = List.copyOf(problems);
  }

  public boolean valid() {
    return problems.isEmpty();
  }

  /** A failure without a list of problems is one problem, at the file. */
  static CheckedPolicy of(String name, RunnerException e) {
    List<FileProblem> problems = new ArrayList<>(e.problems());
    if (problems.isEmpty()) {
      SourcePosition at = new SourcePosition(name, 1, 0);
      problems.add(new FileProblem(at, String.valueOf(e.getMessage()), e.help(), e.notes()));
    }
    return new CheckedPolicy(name, "", problems);
  }

  /** Lines for a terminal, escaped. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (valid()) {
      lines.add(Escape.line(name) + ": valid, " + digest);
      return lines;
    }
    for (FileProblem problem : problems) {
      lines.add(problem.at() + ": " + problem.what());
      problem.source().forEach(s -> lines.add("   " + s));
      lines.add("   = fix: " + problem.fix());
    }
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    lines.add(Escape.line(name) + ": " + count);
    return lines;
  }

  /** {@code tars.policy-validation/v1}. */
  public static ObjectNode json(List<CheckedPolicy> all) {
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("schema", "tars.policy-validation/v1");
    node.put("valid", all.stream().allMatch(CheckedPolicy::valid));
    ArrayNode files = node.putArray("files");
    for (CheckedPolicy one : all) {
      ObjectNode file = files.addObject().put("file", one.name()).put("valid", one.valid());
      file.put("digest", one.digest());
      ArrayNode problems = file.putArray("problems");
      for (FileProblem p : one.problems()) {
        ObjectNode problem = problems.addObject().put("file", p.at().file());
        problem.put("line", p.at().line()).put("column", p.at().column());
        problem.put("what", p.what()).put("fix", p.fix());
        p.source().forEach(problem.putArray("source")::add);
      }
    }
    return node;
  }

  /** SARIF 2.1.0, for code scanning. */
  public static ObjectNode sarif(List<CheckedPolicy> all) {
    ObjectNode sarif = JsonNodeFactory.instance.objectNode();
    sarif.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json").put("version", "2.1.0");
    ObjectNode run = sarif.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver").put("name", "tarscli");
    driver
        .putArray("rules")
        .addObject()
        .put("id", "TARS-POLICY-INVALID")
        .putObject("shortDescription")
        .put("text", "The policy does not load");
    ArrayNode results = run.putArray("results");
    for (CheckedPolicy one : all) {
      for (FileProblem p : one.problems()) {
        ObjectNode result = results.addObject().put("ruleId", "TARS-POLICY-INVALID");
        result.put("level", "error");
        result.putObject("message").put("text", p.what() + "; fix: " + p.fix());
        ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
        place.putObject("artifactLocation").put("uri", uri(p.at().file()));
        ObjectNode region = place.putObject("region").put("startLine", p.at().line());
        if (p.at().column() > 0) {
          region.put("startColumn", p.at().column());
        }
      }
    }
    return sarif;
  }

  private static String uri(String file) {
    return file.startsWith("/")
        ? java.nio.file.Path.of(file).toUri().toString()
        : file.replace(" ", "%20");
  }
}
