package dev.tars.runner.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a bundle says that it holds: {@code docs/formats/bundle.md}.
 *
 * @param files in the order in which they follow
 */
record BundleStatement(Subject subject, List<Entry> files) {
  /** The first entry, which has the statement itself. */
  static final String NAME = "bundle.json";

  private static final String STATEMENT = "https://in-toto.io/Statement/v1";
  private static final String PREDICATE = "https://tars.dev/bundle/v1";
  private static final String PART = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
  private static final String NAMES = PART + "(/" + PART + ")?";
  private static final int LONGEST_NAME = 100;

  BundleStatement {
    files = List.copyOf(files);
  }

  /** One file, by its content. */
  record Entry(String name, long size, Digest sha256) {}

  /**
   * Which context it is about.
   *
   * @param ranBy name of the user who ran it on the machine it comes from
   */
  record Subject(
      ContextId context,
      String improvement,
      String ranBy,
      Instant at,
      boolean dryRun,
      Digest base,
      Digest policy,
      String image,
      Digest changeSet) {}

  static boolean isName(String name) {
    return name.length() <= LONGEST_NAME && name.matches(NAMES) && !name.equals(NAME);
  }

  ObjectNode write() {
    ObjectNode statement = CanonicalJson.object().put("_type", STATEMENT);
    ArrayNode subjects = statement.putArray("subject");
    statement.put("predicateType", PREDICATE);
    ObjectNode predicate = statement.putObject("predicate");
    predicate.put("contextId", subject.context().text()).put("ranBy", subject.ranBy());
    predicate.put("improvementId", subject.improvement()).put("at", subject.at().toString());
    predicate.put("dryRun", subject.dryRun()).put("baseDigest", subject.base().toString());
    predicate.put("policyDigest", subject.policy().toString());
    predicate.put("imageDigest", subject.image());
    predicate.put("changeSet", subject.changeSet().toString());
    ArrayNode sizes = predicate.putArray("sizes");
    for (Entry file : files) {
      subjects
          .addObject()
          .put("name", file.name())
          .putObject("digest")
          .put("sha256", file.sha256().hex());
      sizes.add(file.size());
    }
    return statement;
  }

  /**
   * Reads what {@link #write} wrote, and nothing else.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  static BundleStatement read(JsonNode statement) {
    if (!statement.path("_type").asText().equals(STATEMENT)
        || !statement.path("predicateType").asText().equals(PREDICATE)) {
      throw new IllegalArgumentException("it is signed, but it is no statement on a bundle");
    }
    try {
      BundleStatement read =
          new BundleStatement(subject(statement.path("predicate")), files(statement));
      if (!CanonicalJson.digest(read.write()).equals(CanonicalJson.digest(statement))) {
        throw new IllegalArgumentException(
            "its statement has fields that this version does not know");
      }
      return read;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("the time of its statement is none", e);
    }
  }

  private static Subject subject(JsonNode predicate) {
    return new Subject(
        new ContextId(predicate.path("contextId").asText()),
        predicate.path("improvementId").asText(),
        predicate.path("ranBy").asText(),
        Instant.parse(predicate.path("at").asText()),
        predicate.path("dryRun").asBoolean(),
        Digest.parse(predicate.path("baseDigest").asText()),
        Digest.parse(predicate.path("policyDigest").asText()),
        predicate.path("imageDigest").asText(),
        Digest.parse(predicate.path("changeSet").asText()));
  }

  private static List<Entry> files(JsonNode statement) {
    JsonNode sizes = statement.path("predicate").path("sizes");
    List<Entry> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode file : statement.path("subject")) {
      String name = file.path("name").asText();
      JsonNode size = sizes.path(files.size());
      if (!isName(name)) {
        throw new IllegalArgumentException("its statement names a file that no bundle has");
      }
      if (!names.add(name)) {
        throw new IllegalArgumentException("its statement names " + name + " twice");
      }
      if (!size.canConvertToLong() || size.asLong() < 0 || size.asLong() > TarHeader.MAX_SIZE) {
        throw new IllegalArgumentException("its statement has no size for " + name);
      }
      files.add(
          new Entry(name, size.asLong(), new Digest(file.path("digest").path("sha256").asText())));
    }
    return files;
  }
}
