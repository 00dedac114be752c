package io.cardea.itests.updater;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Does what an operator does in the shell: updates Cardea's own bundles from where they are, and refreshes those that use
 * them. Which ones, the first line of a file in the data folder says; a second line says that it is done.
 */
@Component(
        service = {},
        immediate = true)
public final class Updater {

    public static final String FILE = "update.txt";

    @Activate
    public Updater(BundleContext context) {
        Path file = Path.of(context.getProperty("CARDEA_DATA")).resolve(FILE);
        // Not on this thread: what is refreshed may be this bundle's own component runtime's business.
        new Thread(() -> update(context, file), "updater").start();
    }

    private static void update(BundleContext context, Path file) {
        try {
            String wanted = Files.readString(file).strip();
            List<Bundle> updated = new ArrayList<>();
            for (Bundle bundle : context.getBundles()) {
                if (wanted.equals(bundle.getSymbolicName())) {
                    bundle.update();
                    updated.add(bundle);
                }
            }
            CountDownLatch refreshed = new CountDownLatch(1);
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                    .adapt(FrameworkWiring.class)
                    .refreshBundles(updated, event -> refreshed.countDown());
            refreshed.await();
            Files.writeString(file, wanted + "\n" + updated.size() + " updated\n");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
