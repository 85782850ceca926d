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

#[cfg(test)]
mod pflhumdoalprqn {
#[test]
fn t_nmontopcuuprts() {
    panic!("kymgvyiyvectph");
}

#[test]
fn t_wggyklocugpwll() {
    assert!(270 == 288);
}

#[test]
fn t_oqpizcetgtdkbr() {
    assert_eq!(171, 368);
}

#[test]
fn t_yzakrolmbqttzl() {
    
}

}
