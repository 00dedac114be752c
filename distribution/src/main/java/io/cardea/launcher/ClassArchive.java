package io.cardea.launcher;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The classes that a run has loaded, kept for the next start (class data sharing). bin/cardea names the file, in the
 * system property {@code cardea.archive}, when there is none yet for this virtual machine and this distribution.
 */
record ClassArchive(String file) {
    static ClassArchive wanted() {
        return new ClassArchive(System.getProperty("cardea.archive", ""));
    }

    /** Writes it if bin/cardea asks for it; a run without is only slower to start. */
    void write() {
        if (file.isEmpty()) {
            return;
        }
        Path archive = Path.of(file);
        Path temporary = archive.resolveSibling(ProcessHandle.current().pid() + ".tmp");
        PrintStream out = System.out;
        try {
            // The JDK tells what it does on stdout, of which scripts expect only what Cardea says.
            System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmCds",
                            new Object[] {new String[] {"dynamic_dump", temporary.toString()}},
                            new String[] {String[].class.getName()});
            Files.move(temporary, archive, ATOMIC_MOVE);
        } catch (JMException | IOException e) {
            System.err.println("No class archive for the next start: " + Refusal.reason(e));
        } finally {
            System.setOut(out);
        }
    }
}
