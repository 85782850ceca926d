pub fn half(n: i32) -> i32 {
    n / 2
}
