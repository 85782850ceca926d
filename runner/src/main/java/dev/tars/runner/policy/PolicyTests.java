package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a policy's own tests are.
 *
 * @param pattern a glob
 * @param directory where it starts: the directory of the file that names it; empty for a built-in
 */
public record PolicyTests(Glob pattern, Optional<Path> directory, SourcePosition at) {}
