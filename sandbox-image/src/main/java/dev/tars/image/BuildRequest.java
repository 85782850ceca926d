package dev.tars.image;

import java.nio.file.Path;

/**
 * One build of the sandbox image.
 *
 * @param tag the name that the engine gives it, with a tag
 * @param recipe one word that says what the base was made of; it becomes a label
 * @param cache a directory for layers, kept between builds
 */
public record BuildRequest(ImageBase base, String tag, String recipe, Path cache) {}
