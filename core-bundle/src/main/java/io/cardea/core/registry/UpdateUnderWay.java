package io.cardea.core.registry;

import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Whether a bundle that stops is about to start again. No event tells that before it has stopped, so the stack of the
 * thread that stops it is asked: {@link Bundle#update} and {@link FrameworkWiring#refreshBundles} of any framework stop
 * bundles on the thread that starts them again.
 */
final class UpdateUnderWay {

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private UpdateUnderWay() {}

    static boolean onThisThread() {
        return STACK.walk(frames -> frames.anyMatch(
                frame -> isUpdate(frame) || FrameworkWiring.class.isAssignableFrom(frame.getDeclaringClass())));
    }

    private static boolean isUpdate(StackWalker.StackFrame frame) {
        return frame.getMethodName().equals("update") && Bundle.class.isAssignableFrom(frame.getDeclaringClass());
    }
}
