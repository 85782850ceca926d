package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;

/** A file in memory, between two edits. */
public sealed interface FileImage {

  /** Content and permission bits. */
  record Regular(Bytes content, int mode) implements FileImage {}

  /** A symbolic link. */
  record Link(Bytes target) implements FileImage {}
}
