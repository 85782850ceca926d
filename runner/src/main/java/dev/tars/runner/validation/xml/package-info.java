/**
 * XML of unknown origin, read with bounds: no entity, no DTD, no endless tag, no endless depth.
 *
 * <p>May use the JDK only. Must never open a file or an address that a document names.
 */
@NullMarked
package dev.tars.runner.validation.xml;

import org.jspecify.annotations.NullMarked;
