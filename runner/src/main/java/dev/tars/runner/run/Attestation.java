package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.bundle.Dsse;
import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Evidence;
import dev.tars.runner.context.Origin;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.State;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.util.List;

/**
 * {@code evidence.attestation}: what was found of a change, as an in-toto statement that the key of
 * the state directory signs, in an envelope that DSSE describes.
 */
final class Attestation {
  private final Workbench bench;
  private final RunContext context;
  private final EffectivePolicy policy;

  Attestation(Workbench bench, RunContext context, EffectivePolicy policy) {
    this.bench = bench;
    this.context = context;
    this.policy = policy;
  }

  /** Signs what is known now, if the policy wants it, and puts its digest on record. */
  void write(List<String> approvedBy) {
    if (!policy.evidence().attestation()) {
      return;
    }
    ChangeSet changeSet = new Contexts(bench.layout()).changeSet(context.dir());
    byte[] envelope = Dsse.sign(statement(changeSet, approvedBy), bench.audit().get());
    context.dir().write(ContextFiles.ATTESTATION, envelope);
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("changeSet", ChangeSets.digest(changeSet).toString());
    bench
        .audit()
        .get()
        .append("attestation", record.put("attestation", Digest.of(envelope).toString()));
  }

  private ObjectNode statement(ChangeSet changeSet, List<String> approvedBy) {
    ObjectNode statement = CanonicalJson.object().put("_type", "https://in-toto.io/Statement/v1");
    ArrayNode subjects = statement.putArray("subject");
    subject(subjects, "change-set", ChangeSets.digest(changeSet));
    for (Change change : changeSet.changes()) {
      if (change.after().orElse(null) instanceof TreeEntry.RegularFile file) {
        subject(subjects, "./" + change.path(), file.content());
      }
    }
    statement.put("predicateType", "https://tars.dev/change/v1");
    ObjectNode predicate = statement.putObject("predicate");
    predicate.put("contextId", context.id().text());
    Origin origin = context.origin();
    Evidence evidence = context.record().evidence();
    predicate.put("improvementId", origin.improvement().id());
    predicate.put("baseDigest", evidence.base().map(Digest::toString).orElse(""));
    predicate.put("policyDigest", origin.policy().digest().toString());
    predicate.put("imageDigest", evidence.image().orElse(""));
    predicate.put("planDigest", origin.improvement().plan().toString());
    predicate.put("ranBy", context.user()).put("at", bench.clock().instant().toString());
    predicate.put("dryRun", origin.options().dryRun());
    predicate.put("promoted", !approvedBy.isEmpty());
    approvedBy.forEach(predicate.putArray("approvedBy")::add);
    Verdict verdict = evidence.verdict().orElseThrow().verdict();
    predicate.put("verdict", State.word(verdict.result()));
    ArrayNode gates = predicate.putArray("gates");
    for (GateResult gate : verdict.gates()) {
      gates.addObject().put("id", gate.id()).put("result", State.word(gate.result()));
    }
    ArrayNode transactions = predicate.putArray("transactions");
    Results results = context.record().results();
    for (Results.Transaction one : results.transactions()) {
      ObjectNode transaction = transactions.addObject().put("id", one.id().text());
      transaction.put("kind", State.word(one.kind())).put("state", State.word(one.state()));
    }
    results.patch().ifPresent(patch -> predicate.put("patch", patch.sha256().toString()));
    return statement;
  }

  private static void subject(ArrayNode subjects, String name, Digest digest) {
    subjects.addObject().put("name", name).putObject("digest").put("sha256", digest.hex());
  }
}
