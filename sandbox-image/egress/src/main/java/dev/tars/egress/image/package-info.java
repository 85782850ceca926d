/**
 * Makes the image of gateway and proxy with Jib and loads it into a local engine. It runs at build
 * time and is not in that image.
 *
 * <p>May use {@code dev.tars.runner.model}. Must never change an image that it did not make.
 */
@NullMarked
package dev.tars.egress.image;

import org.jspecify.annotations.NullMarked;
