//! Many tests from a few lines: modules within modules, ten functions in each innermost one.

/// Ten functions under each of the given attributes, in the module where it stands.
macro_rules! ten {
    ($(#[$attribute:meta])* $body:block) => {
        ten!(@each [$(#[$attribute])*] $body t0 t1 t2 t3 t4 t5 t6 t7 t8 t9);
    };
    (@each $attributes:tt $body:block $($name:ident)*) => {
        $(ten!(@one $attributes $body $name);)*
    };
    (@one [$($attribute:tt)*] $body:block $name:ident) => {
        $($attribute)*
        fn $name() $body
    };
}

/// What it is given, in each of the modules that it is given.
macro_rules! within {
    ([$($module:ident)*] $inner:tt) => {
        $(within!(@one $module $inner);)*
    };
    (@one $module:ident { $($inner:tt)* }) => {
        mod $module { $($inner)* }
    };
}

/// A hundred functions.
macro_rules! hundred {
    ($($test:tt)*) => {
        within!([a0 a1 a2 a3 a4 a5 a6 a7 a8 a9] { ten!($($test)*); });
    };
}

/// A thousand functions.
macro_rules! thousand {
    ($($test:tt)*) => {
        within!([b0 b1 b2 b3 b4 b5 b6 b7 b8 b9] { hundred!($($test)*); });
    };
}
