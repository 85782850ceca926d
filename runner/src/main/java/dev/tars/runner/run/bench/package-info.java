/**
 * What the rooms of a run share: the workbench, the site of its boxes, layers on caches, and the
 * facts that conditions may name.
 *
 * <p>Must never decide anything.
 */
@NullMarked
package dev.tars.runner.run.bench;

import org.jspecify.annotations.NullMarked;
