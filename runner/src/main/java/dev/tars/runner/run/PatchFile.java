package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.PatchWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code promotion.target: patch-file}: an approved change becomes a file of its context, for a
 * person to apply. Nothing of the workspace is written.
 */
final class PatchFile {
  private final Workbench bench;
  private final RunContext context;
  private final ReviewDecision.Approved approved;
  private final ChangeSet changeSet;

  PatchFile(
      Workbench bench, RunContext context, ReviewDecision.Approved approved, ChangeSet changeSet) {
    this.bench = bench;
    this.context = context;
    this.approved = approved;
    this.changeSet = changeSet;
  }

  /**
   * Publishes the patch, then records it: only the record uses the approval up.
   *
   * @throws RunnerException CHANGE_REFUSED if a patch can hold nothing of the change
   */
  void publish() {
    byte[] patch = bytes();
    if (patch.length == 0) {
      throw RunnerException.of(
              FailureCode.CHANGE_REFUSED, "the change has nothing that a patch can hold")
          .note("git knows no directories, and of modes only whether a file is executable")
          .note("nothing was written")
          .help("leave promotion.target: patch-file out, or change the improvement");
    }
    String name = ContextFiles.patch(approved.changeSet());
    context.dir().write(name, patch);
    Digest sha256 = Digest.of(patch);
    Results.PatchRecord published =
        new Results.PatchRecord(
            context.dir().path().resolve(name).toString(),
            sha256,
            approved.changeSet(),
            changeSet.changes().stream()
                .filter(this::isLost)
                .map(change -> change.path().toString())
                .toList());
    context.patch(published);
    context.save(); // the log says whether it holds, the record alone knows what is missing in it

    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("changeSet", approved.changeSet().toString()).put("patch", sha256.toString());
    record.put("file", name).put("policy", approved.policy().toString());
    record.put("image", approved.image());
    approved.by().forEach(record.putArray("approvedBy")::add);
    bench.audit().get().append("patch", record);
    bench.audit().get().checkpoint();
    context.approvals(Optional.empty());
    context.event(new ContextEvent.PatchWritten(published));
  }

  private byte[] bytes() {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PatchWriter.write(changeSet, bench.layout().objects(), out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a patch says nothing or not all of: directories without files, most modes. */
  private boolean isLost(Change change) {
    return switch (change.after().orElse(null)) {
      case TreeEntry.Directory directory ->
          change.before().filter(TreeEntry.Directory.class::isInstance).isPresent()
              || directory.mode() != 0755
              || !hasFiles(change.path(), Change::after);
      case TreeEntry.RegularFile file ->
          !List.of(0644, 0755).contains(file.mode())
              && change.before().map(TreeEntry::mode).filter(m -> m == file.mode()).isEmpty();
      case TreeEntry.Symlink _ -> false;
      case null ->
          change.before().filter(TreeEntry.Directory.class::isInstance).isPresent()
              && !hasFiles(change.path(), Change::before);
    };
  }

  private boolean hasFiles(RelativePath directory, Function<Change, Optional<TreeEntry>> side) {
    return changeSet.changes().stream()
        .filter(c -> directory.contains(c.path()))
        .map(side)
        .flatMap(Optional::stream)
        .anyMatch(entry -> !(entry instanceof TreeEntry.Directory));
  }

  /** What a person does with it. */
  static String howToApply(RunContext context) {
    return Escape.argv(
        List.of("git", "-C", context.origin().place().workspace(), "apply", file(context)));
  }

  /** Where the patch of a context is; empty if it was not promoted as one. */
  static String file(RunContext context) {
    return context.record().results().patch().map(Results.PatchRecord::file).orElse("");
  }
}
