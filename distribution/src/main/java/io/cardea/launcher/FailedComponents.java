package io.cardea.launcher;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Cardea's own Declarative Services components that could not be made, say because the vault's key is missing: Cardea never
 * becomes ready without them, and they know why. By reflection, for the launcher has no class of any bundle.
 */
final class FailedComponents {
    private static final String RUNTIME = "org.osgi.service.component.runtime.ServiceComponentRuntime";
    // ComponentConfigurationDTO.FAILED_ACTIVATION
    private static final int FAILED_ACTIVATION = 16;
    private static final String OURS = "io.cardea.";
    // The first of nested exceptions that says anything: the others are the reflection that made the component.
    private static final Pattern MESSAGE = Pattern.compile("(?m)^(?:Caused by: )?[\\w.$]+: (.+)$");

    // What Felix says of those that failed because another one did.
    private static final String FOR_WANT_OF_ANOTHER = "Unable to get service";

    private final BundleContext framework;

    FailedComponents(BundleContext framework) {
        this.framework = framework;
    }

    /** Why one of them failed; absent when none did, or when that cannot be told. */
    Optional<String> reason() {
        ServiceReference<?> reference = framework.getServiceReference(RUNTIME);
        if (reference == null) {
            return Optional.empty();
        }
        try {
            Object runtime = framework.getService(reference);
            Class<?> type = reference.getBundle().loadClass(RUNTIME);
            Object all = type.getMethod("getComponentDescriptionDTOs", Bundle[].class)
                    .invoke(runtime, (Object) new Bundle[0]);
            for (Object component : (Collection<?>) all) {
                if (String.valueOf(field(component, "implementationClass")).startsWith(OURS)) {
                    Object configurations = type.getMethod("getComponentConfigurationDTOs", component.getClass())
                            .invoke(runtime, component);
                    for (Object configuration : (Collection<?>) configurations) {
                        if (Integer.valueOf(FAILED_ACTIVATION).equals(field(configuration, "state"))) {
                            String message = message(String.valueOf(field(configuration, "failure")));
                            if (!message.startsWith(FOR_WANT_OF_ANOTHER)) {
                                return Optional.of(message);
                            }
                        }
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        } finally {
            framework.ungetService(reference);
        }
        return Optional.empty();
    }

    private static Object field(Object dto, String name) throws ReflectiveOperationException {
        return dto.getClass().getField(name).get(dto);
    }

    static String message(String stackTrace) {
        Matcher message = MESSAGE.matcher(stackTrace);
        return message.find()
                ? message.group(1)
                : stackTrace.lines().findFirst().orElse("").strip();
    }
}
