/**
 * A step of the build that rewrites third-party jars for the JDK's start-up cache.
 *
 * <p>Uses the JDK alone and is not on the class path of {@code tarscli}. Must never touch a jar
 * outside the directory that it is given.
 */
@NullMarked
package dev.tars.packaging;

import org.jspecify.annotations.NullMarked;
