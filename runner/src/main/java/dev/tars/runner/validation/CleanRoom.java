package dev.tars.runner.validation;

import dev.tars.runner.policy.Glob;
import dev.tars.runner.validation.control.Originals;
import dev.tars.runner.validation.control.PlantedFile;
import dev.tars.runner.validation.syntax.ParserBox;
import dev.tars.runner.workspace.ChangeSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs a command on a fresh layer of the baseline, with a change set on it or without. */
public interface CleanRoom {

  /**
   * Makes the layer, proves that it is what was asked for, runs the command, reads what is left,
   * and removes the layer.
   *
   * @throws dev.tars.runner.model.RunnerException INTEGRITY if the layer is not what was asked for;
   *     any code of exit status 5 if the engine or the disk fails
   */
  GateRun run(Job job);

  /** A box for parsers, which holds nothing of the workspace. */
  default ParserBox parsers() {
    return ParserBox.NONE;
  }

  /** The files of the baseline, to plant tests beside them. */
  default Originals originals() {
    return Originals.NONE;
  }

  /**
   * @param gate id of the gate, for labels and logs
   * @param phase for example {@code after}; what tells runs of one gate apart
   * @param content what is put on the baseline; empty for the baseline alone
   * @param reports globs of the files to read afterwards
   * @param planted files on top of it all that were never part of a change
   */
  record Job(
      String gate,
      String phase,
      Optional<ChangeSet> content,
      List<String> argv,
      Duration timeout,
      List<Glob> reports,
      List<PlantedFile> planted) {
    public Job {
      argv = List.copyOf(argv);
      reports = List.copyOf(reports);
      planted = List.copyOf(planted);
    }

    /** One without planted files. */
    public Job(
        String gate,
        String phase,
        Optional<ChangeSet> content,
        List<String> argv,
        Duration timeout,
        List<Glob> reports) {
      this(gate, phase, content, argv, timeout, reports, List.of());
    }

    /** The same with these files on top. */
    Job with(List<PlantedFile> files) {
      return new Job(gate, phase, content, argv, timeout, reports, files);
    }
  }
}
