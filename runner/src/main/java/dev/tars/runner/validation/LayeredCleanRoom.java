package dev.tars.runner.validation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Severity;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.validation.control.Originals;
import dev.tars.runner.validation.diagnostics.SourcePaths;
import dev.tars.runner.validation.syntax.ParserBox;
import dev.tars.runner.validation.tests.ReportReader;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSetReader;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clean room on overlay layers: a fresh one for each job, written from the store's post-images,
 * read again before it runs, gone afterwards.
 */
public final class LayeredCleanRoom implements CleanRoom {
  private final Place place;
  private final Box box;
  private final AtomicInteger rooms = new AtomicInteger();

  /**
   * Where layers are made, and what they are made of.
   *
   * @param home an existing directory of the context; names in it that begin with {@code room-} are
   *     ours
   * @param scope as the change set itself was read
   * @param uid user in the box
   */
  public record Place(
      StoreLayout layout,
      Path home,
      Baseline baseline,
      ChangeSetReader.Scope scope,
      int uid,
      int gid) {}

  /** Runs commands on layers. */
  public interface Box {
    /**
     * Runs a job's command with {@code layer} as its workspace; nothing is mounted afterwards.
     *
     * @param printed takes what it prints
     */
    SandboxOutcome run(Layer layer, Job job, OutputSink printed);

    /** Runs a command on files that are no workspace; nothing is mounted afterwards. */
    default SandboxOutcome parse(LayerMount files, ParserBox.Job job, OutputSink sink) {
      return new SandboxOutcome.NotStarted(
          "there is no box for parsers",
          new SandboxOutcome.Observation("", 0, java.time.Duration.ZERO));
    }

    /**
     * Begins what a run of a job needs while its layer is still written; nothing is started or
     * mounted before {@link Ready#run}.
     */
    default Ready ready(Layer layer, Job job) {
      return printed -> run(layer, job, printed);
    }

    /** Empties the work directory of a layer where the kernel left things of its own in it. */
    void emptyWork(Path work);
  }

  /** A job that can start. */
  public interface Ready extends AutoCloseable {
    SandboxOutcome run(OutputSink printed);

    /** Gives up what the job needed. */
    @Override
    default void close() {}
  }

  public LayeredCleanRoom(Place place, Box box) {
    this.place = place;
    this.box = box;
  }

  @Override
  public GateRun run(Job job) {
    Path home = place.home().resolve("room-" + rooms.incrementAndGet());
    Layer layer =
        Layer.create(place.layout().disk(), home, place.baseline(), place.uid(), place.gid());
    try (Ready ready = box.ready(layer, job)) {
      ChangeSet wanted =
          job.content()
              .orElseGet(
                  () -> new ChangeSet(place.baseline().digest(), List.of(), List.of(), List.of()));
      LayerWriter writer = new LayerWriter(place.layout().disk(), layer);
      writer.apply(wanted, place.layout().objects());
      ChangeSet found = read(layer);
      requireSame(wanted, found);
      if (!job.planted().isEmpty()) {
        job.planted().forEach(file -> writer.write(file.path(), file.text().getBytes(UTF_8), 0644));
        found = read(layer);
      }
      PrintedOutput printed = new PrintedOutput();
      SandboxOutcome outcome = ready.run(printed);
      Reports reports =
          job.reports().isEmpty()
              ? Reports.none()
              : ReportReader.read(
                  LayerReports.find(place.layout().disk(), layer.upper(), job.reports()));
      return new GateRun(
          outcome, reports, touched(found, read(layer)), located(job, outcome, printed, reports));
    } finally {
      layer.discard(box::emptyWork);
    }
  }

  /** Of a run with a change on it that is not green. */
  private Located located(Job job, SandboxOutcome outcome, PrintedOutput printed, Reports reports) {
    boolean green =
        outcome instanceof SandboxOutcome.Exited exited
            && exited.code() == 0
            && reports instanceof Reports.Read read
            && read.tests().red() == 0;
    if (green || job.content().isEmpty()) {
      return Located.NONE;
    }
    return Located.of(printed.text(), reports, sources(job.content().get()));
  }

  /** The files of the baseline with a change set on it. */
  private SourcePaths sources(ChangeSet changeSet) {
    Set<RelativePath> files = new HashSet<>(place.baseline().below(RelativePath.ROOT));
    Set<RelativePath> changed = new HashSet<>();
    for (Change change : changeSet.changes()) {
      if (change.after().isPresent()) {
        changed.add(change.path());
      } else {
        files.remove(change.path());
      }
    }
    files.addAll(changed);
    return new SourcePaths(SandboxSpecs.WORKSPACE, files, changed);
  }

  @Override
  public Originals originals() {
    return new BaselineOriginals(place.baseline());
  }

  @Override
  public ParserBox parsers() {
    return new ParserRoom(place, box);
  }

  private ChangeSet read(Layer layer) {
    return ChangeSetReader.read(place.layout(), layer, place.scope());
  }

  private static void requireSame(ChangeSet wanted, ChangeSet ready) {
    Digest expected = ChangeSets.digest(wanted);
    Digest actual = ChangeSets.digest(ready);
    if (!expected.equals(actual)) {
      throw RunnerException.of(
              FailureCode.INTEGRITY, "the clean room does not hold the change set it was given")
          .note("wanted " + expected + ", found " + actual)
          .help("run the improvement again; if it happens twice, check the disk under --state-dir");
    }
  }

  /** Paths that are not as they were before the command, and paths that may not be at all. */
  private static List<String> touched(ChangeSet before, ChangeSet after) {
    Set<Change> known = new HashSet<>(before.changes());
    Set<Change> now = new HashSet<>(after.changes());
    TreeSet<String> paths = new TreeSet<>();
    after.changes().stream()
        .filter(change -> !known.contains(change))
        .forEach(change -> paths.add(change.path().toString()));
    before.changes().stream()
        .filter(change -> !now.contains(change))
        .forEach(change -> paths.add(change.path().toString()));
    after.findings().stream()
        .filter(finding -> finding.severity() == Severity.REJECT)
        .filter(finding -> !before.findings().contains(finding))
        .map(Finding::path)
        .forEach(paths::add);
    return List.copyOf(paths);
  }
}
