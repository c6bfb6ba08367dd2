/**
 * How Python prints a value: {@code str} and {@code repr} of what a YAML or JSON document may hold,
 * {@code json.dumps}, and the {@code repr} of a float, on which run ids rest.
 *
 * <p>Pure: the same bytes on every JDK and in every locale. Knows no other room.
 */
@NullMarked
package dev.sweeprunner.python;

import org.jspecify.annotations.NullMarked;
