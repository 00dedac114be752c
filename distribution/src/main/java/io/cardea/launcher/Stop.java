package io.cardea.launcher;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends the runtime that owns a data folder, and waits until it is gone. */
record Stop(Path data, Instance.Owner owner) {
    /** More than the runtime gives itself. */
    private static final long TIMEOUT_SECONDS = 40;

    void perform() {
        ProcessHandle process = ProcessHandle.of(owner.pid())
                .orElseThrow(() -> new Refusal("There is no process " + owner.pid() + " although the data folder "
                        + data + " is in use: is it shared with another machine or container?"));
        if (!process.destroy()) {
            throw new Refusal("Cardea (pid " + owner.pid() + ") runs as another user");
        }
        try {
            process.onExit().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Refusal(
                    "Cardea (pid " + owner.pid() + ") has not stopped within " + TIMEOUT_SECONDS + " seconds", e);
        } catch (ExecutionException e) {
            throw new Refusal("Cannot wait for pid " + owner.pid() + ": " + Refusal.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted while waiting for pid " + owner.pid(), e);
        }
    }
}
