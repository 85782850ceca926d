/**
 * Makes the default sandbox image with Jib and loads it into a local engine.
 *
 * <p>May use {@code dev.tars.runner.model}, and reads bases that others made as data. Must never
 * run anything of a base, pull during a run, or change an image or container that it did not make.
 */
@NullMarked
package dev.tars.image;

import org.jspecify.annotations.NullMarked;
