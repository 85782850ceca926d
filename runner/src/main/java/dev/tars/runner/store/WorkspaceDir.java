package dev.tars.runner.store;

import java.nio.file.Path;

/**
 * What the state directory keeps of one workspace.
 *
 * @param id made of the root's device and inode
 * @param root the workspace
 * @param rootStat the root when it was opened; anything else at the path later is not it
 * @param path the directory in the state directory
 */
public record WorkspaceDir(String id, Path root, FileStat rootStat, Path path) {}
