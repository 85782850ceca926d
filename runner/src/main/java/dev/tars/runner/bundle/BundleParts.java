package dev.tars.runner.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Evidence;
import dev.tars.runner.context.JudgedVerdict;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The documents of a bundle, held against each other and against what was signed. */
final class BundleParts {
  private final BundleFile.Signed signed;

  BundleParts(BundleFile.Signed signed) {
    this.signed = signed;
  }

  /**
   * @param read gives the bytes of a document
   * @throws IllegalArgumentException with a sentence that says what contradicts what
   */
  Bundle bundle(Function<String, byte[]> read) {
    ContextRecord context =
        parsed(
            ContextFiles.CONTEXT, () -> ContextCodec.parse(document(ContextFiles.CONTEXT, read)));
    ChangeSet changes =
        parsed(
            ContextFiles.CHANGE_SET,
            () -> ChangeSets.fromJson(document(ContextFiles.CHANGE_SET, read)));
    JudgedVerdict verdict =
        parsed(
            ContextFiles.VERDICT, () -> ContextCodec.verdict(document(ContextFiles.VERDICT, read)));
    agree(context, changes, verdict);
    objects(changes);
    return new Bundle(
        signed.envelope(), signed.key(), context, new Bundle.Judged(changes, verdict));
  }

  private static ObjectNode document(String name, Function<String, byte[]> read) {
    return (ObjectNode) Dsse.parse(read.apply(name), "its " + name);
  }

  private static <T> T parsed(String name, java.util.function.Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is damaged: " + e.getMessage(), e);
    }
  }

  private void agree(ContextRecord context, ChangeSet changes, JudgedVerdict verdict) {
    BundleStatement.Subject subject = signed.statement().subject();
    Digest digest = ChangeSets.digest(changes);
    same("the context", subject.context(), context.id());
    same("the improvement", subject.improvement(), context.origin().improvement().id());
    same("who ran it", subject.ranBy(), context.origin().place().user());
    same("whether it was a dry run", subject.dryRun(), context.origin().options().dryRun());
    same("the policy", subject.policy(), context.origin().policy().digest());
    same("the image", subject.image(), context.evidence().image().orElse(""));
    same("the base", subject.base(), context.evidence().base().orElse(null));
    same("the base of the change", subject.base(), changes.baseDigest());
    same("the change set", subject.changeSet(), digest);
    same(
        "the change set of the context",
        digest,
        context.evidence().changes().map(Evidence.ChangeSummary::digest).orElse(null));
    same("the change set of the verdict", digest, verdict.verdict().changeSet());
    same("the verdict", verdict, context.evidence().verdict().orElse(null));
    if (context.isWorking()) {
      throw new IllegalArgumentException("its context had not come to an end");
    }
  }

  private static void same(
      String what, Object signed, @org.jspecify.annotations.Nullable Object found) {
    if (!signed.equals(found)) {
      throw new IllegalArgumentException("its documents contradict each other about " + what);
    }
  }

  /** Every content that the change needs, under its digest and of its size; and no other. */
  private void objects(ChangeSet changes) {
    Map<String, Long> wanted = new HashMap<>();
    for (Change change : changes.changes()) {
      if (change.after().orElse(null) instanceof TreeEntry.RegularFile file) {
        wanted.put("objects/" + file.content().hex(), file.size());
      }
    }
    for (BundleStatement.Entry file : signed.statement().files()) {
      if (!file.name().startsWith("objects/")) {
        continue;
      }
      if (!file.name().equals("objects/" + file.sha256().hex())) {
        throw new IllegalArgumentException(file.name() + " has the name of another content");
      }
      Long size = wanted.remove(file.name());
      if (size == null) {
        throw new IllegalArgumentException(file.name() + " is no content of its change");
      }
      if (size != file.size()) {
        throw new IllegalArgumentException(file.name() + " has another size than its change says");
      }
    }
    if (!wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "it lacks the content of " + wanted.size() + " files of its change");
    }
  }
}
