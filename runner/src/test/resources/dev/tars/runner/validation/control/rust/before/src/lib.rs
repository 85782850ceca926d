pub fn half(n: i32) -> i32 {
    n / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves() {
        assert_eq!(half(6), 3);
        assert!(half(2) == 1);
    }
}
