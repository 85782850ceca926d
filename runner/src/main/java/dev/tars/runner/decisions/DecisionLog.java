package dev.tars.runner.decisions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.AuditRules;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.store.ContextDir;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The decisions of one run: one record for each distinct decision, so many and no more. What is not
 * kept is counted. Decisions that are not {@code allow} have room of their own, so that a flood of
 * allowed paths hides no denial.
 */
public final class DecisionLog {
  private static final String FILE = "decisions.jsonl";
  private static final int MOST_OF_EACH = 20_000;
  private static final int MOST_RULES = 50;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Key, Long> counts = new LinkedHashMap<>();
  private final Map<Effect, Integer> kept = new EnumMap<>(Effect.class);
  private final Map<Effect, Long> made = new EnumMap<>(Effect.class);
  private final Map<Effect, Long> dropped = new EnumMap<>(Effect.class);
  private final int most;

  public DecisionLog() {
    this(MOST_OF_EACH);
  }

  DecisionLog(int most) {
    this.most = most;
  }

  private record Key(Request request, Decision decision, DecisionRecord.Made made) {}

  /** Adds a decision and gives it back. */
  public synchronized Decision add(Request request, Decision decision, DecisionRecord.Made how) {
    Effect effect = decision.effect();
    made.merge(effect, 1L, Long::sum);
    Key key = new Key(request, decision, how);
    if (counts.computeIfPresent(key, (k, n) -> n + 1) == null) {
      if (kept.merge(effect, 1, Integer::sum) <= most) {
        counts.put(key, 1L);
      } else {
        dropped.merge(effect, 1L, Long::sum);
      }
    }
    return decision;
  }

  /** Adds a decision that may be asked for again and again while it is made once. */
  synchronized void addOnce(Request request, Decision decision, DecisionRecord.Made how) {
    if (!counts.containsKey(new Key(request, decision, how))) {
      var _ = add(request, decision, how);
    }
  }

  /**
   * Goes on with what an earlier process recorded of a context, if this one has added nothing yet.
   *
   * @throws RunnerException INTEGRITY if it does not parse
   */
  public synchronized void resume(ContextDir dir) {
    if (made.isEmpty() && dir.has(FILE)) {
      for (DecisionRecord record : read(dir)) {
        Effect effect = record.decision().effect();
        made.merge(effect, record.count(), Long::sum);
        kept.merge(effect, 1, Integer::sum);
        counts.merge(
            new Key(record.request(), record.decision(), record.made()), record.count(), Long::sum);
      }
    }
  }

  /** Every distinct decision, in the order in which they were first made. */
  public synchronized List<DecisionRecord> records() {
    List<DecisionRecord> records = new ArrayList<>();
    counts.forEach((key, count) ->
        records.add(
            new DecisionRecord(
                records.size() + 1L, count, key.request(), key.decision(), key.made())));
    return records;
  }

  /**
   * Publishes the records of a context, and returns what the audit log says of them.
   *
   * @param rules which decisions are recorded, and what is taken out of them before they are
   */
  public ObjectNode save(ContextDir dir, AuditRules rules) {
    StringBuilder text = new StringBuilder();
    Map<String, Long> denying = new TreeMap<>();
    List<DecisionRecord> records =
        records().stream()
            .filter(r -> !rules.denialsOnly() || r.decision().effect() != Effect.ALLOW)
            .toList();
    for (DecisionRecord record : records) {
      text.append(RedactedRecord.of(record, rules)).append('\n');
      if (record.decision().denied()) {
        denying.merge(record.decision().deciding().rule(), record.count(), Long::sum);
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    dir.write(FILE, bytes);
    ObjectNode summary = CanonicalJson.object().put("context", dir.id().text());
    summary.put("distinct", records.size()).put("records", Digest.of(bytes).toString());
    for (Effect effect : Effect.values()) {
      summary.put(DecisionRecord.word(effect), made.getOrDefault(effect, 0L));
      if (dropped.containsKey(effect)) {
        summary.put(DecisionRecord.word(effect) + "NotListed", dropped.get(effect));
      }
    }
    ObjectNode byRule = summary.putObject("denying");
    denying.entrySet().stream()
        .limit(MOST_RULES)
        .forEach(e -> byRule.put(e.getKey(), e.getValue()));
    return summary;
  }

  /**
   * The records of a context.
   *
   * @throws RunnerException NOT_FOUND if it has none, INTEGRITY if they do not parse
   */
  public static List<DecisionRecord> read(ContextDir dir) {
    if (!dir.has(FILE)) {
      throw RunnerException.of(FailureCode.NOT_FOUND, dir.id() + " has no decision records")
          .note("it ended before its policy was asked anything, or an older version made it")
          .help("run the improvement again, with --dry-run if nothing should change");
    }
    return parse(new String(dir.read(FILE), StandardCharsets.UTF_8), dir.id() + "/" + FILE);
  }

  /** Reads the text of such a file; {@code name} is for messages. */
  public static List<DecisionRecord> parse(String text, String name) {
    List<DecisionRecord> records = new ArrayList<>();
    int line = 0;
    for (String one : text.lines().toList()) {
      line++;
      try {
        records.add(DecisionRecord.parse(JSON.readTree(one)));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        throw RunnerException.of(FailureCode.INTEGRITY, "the decision records are damaged")
            .at(Escape.line(name) + ":" + line)
            .note("the line is no decision record; it is not shown, for the file may be another's")
            .cause(e)
            .help("run the improvement again");
      }
    }
    return records;
  }
}
