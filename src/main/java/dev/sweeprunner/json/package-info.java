/**
 * JSON objects as plain maps, read and written by streaming.
 *
 * <p>Promises: no data binding, whose start alone costs a one-shot {@code status} a third of its
 * time; equal maps give equal bytes; whatever is not one JSON object is an {@link
 * dev.sweeprunner.json.UnreadableJson}, never a guess.
 *
 * <p>Knows no other room: no file, no version, no record of the protocol. What a member means, and
 * what happens to a document of a newer version, is for the room that owns the document.
 */
@NullMarked
package dev.sweeprunner.json;

import org.jspecify.annotations.NullMarked;
