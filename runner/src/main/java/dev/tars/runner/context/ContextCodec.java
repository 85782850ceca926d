package dev.tars.runner.context;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Told;
import dev.tars.runner.validation.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * {@code tars.context/v1}, as {@code docs/formats.md} has it. Nothing but its parts here knows how
 * its fields are called. What a record cannot be is refused when it is read, so it is damage
 * wherever it is met.
 */
public final class ContextCodec {
  private static final String SCHEMA = "tars.context/v1";
  private static final String TAKEN = "taken";
  private static final List<State> STATES =
      Stream.<State[]>of(
              State.Working.values(),
              Ending.Done.values(),
              Ending.Waiting.values(),
              Ending.Failed.values())
          .flatMap(Arrays::stream)
          .toList();

  private ContextCodec() {}

  /** As it is printed for the reader whom the record was told to. */
  public static ObjectNode print(ContextRecord told) {
    ObjectNode document = write(told);
    Told.settle(document, false);
    return document;
  }

  /** As it is kept: with what readers are told who are told briefly. */
  static ObjectNode write(ContextRecord record) {
    ObjectNode node = object().put("schema", SCHEMA);
    Origin origin = record.origin();
    origin(origin, node);
    ContextRecord.Progress progress = record.progress();
    node.put("state", progress.state().id()).put("exitCode", progress.exitCode());
    progress.next().into(node, "next");
    progress.endedAt().ifPresent(at -> node.put("endedAt", at.toString()));
    node.put("lastEvent", progress.lastEvent());
    EvidenceJson.write(record.evidence(), node);
    ResultsJson.write(record.results(), node);
    return node;
  }

  /**
   * Reads what {@link #write} wrote, of whatever version.
   *
   * @throws IllegalArgumentException with a sentence that names the field, if it is something else
   */
  static ContextRecord read(JsonFields fields) {
    if (!fields.text("schema").equals(SCHEMA)) {
      throw fields.wrong("schema", "is not " + SCHEMA);
    }
    return new ContextRecord(
        origin(fields), EvidenceJson.read(fields), progress(fields), ResultsJson.read(fields));
  }

  /**
   * A record that came from another machine.
   *
   * @throws IllegalArgumentException with a sentence that names the field, if it is something else
   */
  public static ContextRecord parse(ObjectNode document) {
    return read(JsonFields.of(document));
  }

  /** A verdict that came from another machine; the same errors. */
  public static JudgedVerdict verdict(ObjectNode document) {
    return EvidenceJson.verdict(JsonFields.of(document));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  // ---- what it began with

  private static void origin(Origin origin, ObjectNode node) {
    Origin.Improvement improvement = origin.improvement();
    node.put("contextId", origin.id().text()).put("improvementId", improvement.id());
    node.put("title", improvement.title()).put("workspace", origin.place().workspace());
    node.put("policyDigest", origin.policy().digest().toString());
    node.put("planDigest", improvement.plan().toString()).put("user", origin.place().user());
    Origin.Options options = origin.options();
    node.put("dryRun", options.dryRun()).put("policyOption", options.policy());
    node.put("structural", options.structural()).put("backup", options.backup());
    node.put("autoRollback", options.autoRollback()).put("validate", options.validate());
    node.set("author", author(improvement.author()));
    origin.policy().reports().forEach(node.putArray("reports")::add);
    Origin.Explain explain = origin.policy().explain();
    ObjectNode told = node.putObject("explain").put("toPeople", told(explain.people()));
    told.put("toAgents", told(explain.agents()));
    explain.names().forEach(told.putArray("agents")::add);
    told.putObject("brief").putArray("agents");
    node.set("permissions", PermissionsJson.write(improvement.permissions()));
    node.put("createdAt", origin.createdAt().toString());
    origin.imported().ifPresent(from -> node.set("imported", imported(from)));
  }

  private static ObjectNode author(Origin.Author author) {
    ObjectNode node = object().put("kind", author.kind()).put("id", author.id());
    return node.put("onBehalfOf", author.onBehalfOf());
  }

  private static String told(boolean full) {
    return full ? "full" : "rule-id";
  }

  private static Origin origin(JsonFields fields) {
    JsonFields author = fields.object("author");
    JsonFields explain = fields.object("explain");
    return new Origin(
        fields.parsed("contextId", ContextId::new, "is none"),
        new Origin.Improvement(
            fields.text("improvementId"),
            fields.text("title"),
            fields.digest("planDigest"),
            new Origin.Author(author.text("kind"), author.text("id"), author.text("onBehalfOf")),
            PermissionsJson.read(fields.object("permissions"))),
        new Origin.Place(fields.text("workspace"), fields.text("user")),
        new Origin.Options(
            fields.text("policyOption"),
            fields.flag("dryRun"),
            fields.flag("structural"),
            fields.flag("backup"),
            fields.flag("autoRollback"),
            fields.flag("validate")),
        new Origin.PolicyTerms(
            fields.digest("policyDigest"),
            new Origin.Explain(
                isFull(explain, "toPeople"),
                isFull(explain, "toAgents"),
                java.util.Set.copyOf(explain.texts("agents"))),
            fields.texts("reports")),
        fields.instant("createdAt"),
        fields.maybe("imported", name -> imported(fields.object(name))));
  }

  private static ObjectNode imported(Origin.Imported from) {
    ObjectNode node = object().put("bundle", from.bundle().toString()).put("key", from.key());
    node.put("contextId", from.context().text()).put("ranBy", from.ranBy());
    return node.put("at", from.at().toString()).put("gates", from.gatesTaken() ? TAKEN : "again");
  }

  private static Origin.Imported imported(JsonFields fields) {
    return new Origin.Imported(
        fields.digest("bundle"),
        fields.text("key"),
        fields.parsed("contextId", ContextId::new, "is none"),
        fields.text("ranBy"),
        fields.instant("at"),
        fields.text("gates").equals(TAKEN));
  }

  private static boolean isFull(JsonFields explain, String field) {
    String word = explain.text(field);
    if (!word.equals(told(true)) && !word.equals(told(false))) {
      throw explain.wrong(field, "does not say who is told what");
    }
    return word.equals(told(true));
  }

  /** How a run was asked for, as the audit log ties it to the run. */
  public static String options(ContextRecord record) {
    Origin.Options options = record.origin().options();
    String from =
        record.origin().imported().map(i -> " imported=" + imported(i).toString()).orElse("");
    return "dryRun=%s validate=%s backup=%s autoRollback=%s permissions=%s"
        .formatted(
            options.dryRun(),
            options.validate(),
            options.backup(),
            options.autoRollback(),
            PermissionsJson.write(record.origin().improvement().permissions()))
        .concat(from);
  }

  /** What conditions may name of the steps, as the audit log ties it to the run. */
  public static String stepsDigest(ContextRecord record) {
    ObjectNode node = object();
    node.set("steps", EvidenceJson.steps(record.evidence().steps()));
    node.set("author", author(record.origin().improvement().author()));
    return CanonicalJson.digest(node).toString();
  }

  // ---- how far it came

  static State state(String id) {
    return STATES.stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such state"));
  }

  private static ContextRecord.Progress progress(JsonFields fields) {
    return new ContextRecord.Progress(
        fields.parsed("state", ContextCodec::state, "is none of ours"),
        fields.count("exitCode"),
        fields.told("next"),
        fields.maybe("endedAt", fields::instant),
        fields.number("lastEvent"));
  }

  /** A verdict that was just found, as it is from now on. */
  public static JudgedVerdict judged(
      Verdict verdict, SortedMap<String, String> isolation, List<String> missing) {
    ObjectNode json = EvidenceJson.verdict(verdict, isolation, missing);
    return new JudgedVerdict(verdict, isolation, missing, CanonicalJson.digest(json));
  }

  /** The bytes of a verdict's own file. */
  public static byte[] verdictFile(JudgedVerdict judged) {
    return EvidenceJson.verdict(judged.verdict(), judged.isolation(), judged.missing())
        .toString()
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
