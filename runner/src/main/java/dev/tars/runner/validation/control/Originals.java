package dev.tars.runner.validation.control;

import dev.tars.runner.model.RelativePath;
import java.util.List;
import java.util.Optional;

/** The files of a baseline, which no change can have written. */
public interface Originals {
  Originals NONE =
      new Originals() {
        @Override
        public List<RelativePath> files() {
          return List.of();
        }

        @Override
        public Optional<String> text(RelativePath path) {
          return Optional.empty();
        }
      };

  /** Regular files in path order. */
  List<RelativePath> files();

  /** The text of one; empty if it is none, or larger than a test is. */
  Optional<String> text(RelativePath path);
}
