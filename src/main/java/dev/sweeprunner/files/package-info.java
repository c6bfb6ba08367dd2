/**
 * Durable files on a file system that other hosts share: write-fsync-rename, create-by-link, beats,
 * listings; and, on one host, answers that one process asks for and all read.
 *
 * <p>The only room that creates, moves or fsyncs files. It knows no meaning and no names but that
 * of its own temps: paths come from {@code layout}, contents from the rooms that own them.
 */
@NullMarked
package dev.sweeprunner.files;

import org.jspecify.annotations.NullMarked;
