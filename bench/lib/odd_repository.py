#!/usr/bin/env python3
"""Makes a repository whose commits hold what is odd in real ones: names, modes, links, kinds that change, line ends,
attributes, submodules, sizes. Prints "SHA NAME" for each.  odd_repository.py DIR"""
import os, subprocess, sys
D=os.fsencode(sys.argv[1]); os.makedirs(D)
env={**os.environ,'GIT_CONFIG_GLOBAL':'/dev/null','GIT_CONFIG_SYSTEM':'/dev/null','GIT_AUTHOR_NAME':'a','GIT_AUTHOR_EMAIL':'a@b','GIT_COMMITTER_NAME':'a','GIT_COMMITTER_EMAIL':'a@b','GIT_AUTHOR_DATE':'2020-01-01T00:00:00Z','GIT_COMMITTER_DATE':'2020-01-01T00:00:00Z'}
def git(*a,inp=None):
    return subprocess.run(['git','-c','core.protectNTFS=false','--git-dir',D,*a],input=inp,check=True,capture_output=True,env=env).stdout
subprocess.run(['git','init','-q','--bare','-b','main',D],check=True,env=env)
tree={}   # path bytes -> (mode, bytes)
head=None
ids={}
def blob(b):
    if b not in ids: ids[b]=git('hash-object','-w','--stdin',inp=b).strip()
    return ids[b]
def commit(name,changes,parents=None):
    """changes: path -> None | bytes | (mode, bytes)"""
    global head
    for p,v in changes.items():
        p=p.encode() if isinstance(p,str) else p
        if v is None:
            for q in [q for q in tree if q==p or q.startswith(p+b'/')]: del tree[q]
        else:
            for q in [q for q in tree if q.startswith(p+b'/')]: del tree[q]
            tree[p]=v if isinstance(v,tuple) else ('100644',v)
    idx=D+b'/tmpidx'
    if os.path.exists(idx): os.unlink(idx)
    e={**env,'GIT_INDEX_FILE':os.fsdecode(idx)}
    inp=b''.join(m.encode()+b' '+(c if m=='160000' else blob(c))+b'\t'+p+b'\0' for p,(m,c) in sorted(tree.items()))
    subprocess.run(['git','-c','core.protectNTFS=false','--git-dir',D,'--work-tree','/tmp','update-index','-z','--add','--index-info'],input=inp,check=True,env=e,cwd='/tmp')
    t=subprocess.run(['git','--git-dir',D,'write-tree','--missing-ok'],check=True,env=e,capture_output=True).stdout.strip()
    ps=parents if parents is not None else ([head] if head else [])
    args=[]
    for q in ps: args+=['-p',q]
    head=git('commit-tree',os.fsdecode(t),*args,'-m',name).strip().decode()
    git('update-ref','refs/heads/main',head)
    print(head,name)
    return head
X=('100755',b'#!/bin/sh\necho hi\n')
L=lambda t:('120000',t)
base={f'src/f{i}.txt':f'line one {i}\nline two\nline three\n'.encode()*20 for i in range(30)}
root=commit('root',base)
commit('names-create',{n:b'x\n'+(n if isinstance(n,bytes) else n.encode())+b'\n' for n in ['a b.txt','quo"te','tab\there','new\nline','back\\slash','col:on','e\u0301-nfd','\u00e9-nfc','\U0001F600','-dash','trail space ','dot.','con','a b/c d/e f','x*?[y]','#hash','!bang','~tilde','$HOME','%41','`x`',"it's",'n'*250,b'lat\xe9in',b'\xff\xfe','a  b',' lead','\x01ctl','\x7fdel','{a}','cr\rname','a\u202eb','zero\u200bwidth']})
commit('names-modify',{n:b'x\nchanged\n' for n in ['a b.txt','quo"te','tab\there','new\nline','back\\slash','e\u0301-nfd','\u00e9-nfc','-dash','trail space ','cr\rname',b'lat\xe9in',b'\xff\xfe','a b/c d/e f',' lead','\U0001F600']})
commit('names-rename',{'a b.txt':None,'c d.txt':b'x\nchanged\n','quo"te':None,'quo"te2':b'x\nchanged\n',b'lat\xe9in':None,b'lat\xe9in2':b'x\nchanged\n','trail space ':None,'trail space2 ':b'x\nchanged\n','tab\there':None,'plain':b'x\nchanged\n'})
commit('names-mode',{'c d.txt':('100755',b'x\nchanged\n'),'trail space2 ':('100755',b'x\nchanged\n'),b'\xff\xfe':('100755',b'x\nchanged\n'),'-dash':('100755',b'x\nchanged\n')})
commit('names-delete',{n:None for n in ['quo"te2','new\nline','back\\slash','trail space2 ',b'lat\xe9in2',b'\xff\xfe','a b/c d/e f','cr\rname','n'*250]})
commit('modes',{'src/f0.txt':('100755',base['src/f0.txt']),'run.sh':X,'src/f1.txt':('100755',base['src/f1.txt']+b'more\n')})
commit('modes-back',{'src/f0.txt':base['src/f0.txt'],'run.sh':('100644',X[1]),'src/f1.txt':base['src/f1.txt']})
commit('links',{'l/in':L(b'../src/f0.txt'),'l/dangling':L(b'nowhere'),'l/abs':L(b'/etc/passwd'),'l/out':L(b'../../../etc'),'l/latin':L(b'lat\xe9'),'l/nl':L(b'a\nb'),'l/nlend':L(b'end\n'),'l/long':L(b'x/'*1000+b'y'),'l/dir':L(b'../src'),'l/self':L(b'self'),'l/sp':L(b' x '),'l/cr':L(b'x\r')})
commit('links-change',{'l/in':L(b'../src/f1.txt'),'l/dangling':L(b'elsewhere'),'l/abs':L(b'/etc/shadow'),'l/latin':L(b'l\xe9t'),'l/nl':L(b'c\nd'),'l/nlend':L(b'end2\n')})
commit('links-rename',{'l/in':None,'l/in2':L(b'../src/f1.txt'),'l/latin':None,'l/latin2':L(b'l\xe9t')})
commit('link-kinds',{'l/in2':b'a file now\n','src/f2.txt':L(b'f3.txt'),'l/dir':None,'l/dir/a':b'a\n','l/abs':X})
commit('link-kinds-back',{'l/in2':L(b'../src/f1.txt'),'src/f2.txt':base['src/f2.txt'],'l/dir':L(b'../src'),'l/abs':L(b'/x')})
commit('links-delete',{'l':None})
commit('file-to-dir',{'src/f3.txt':None,'src/f3.txt/a/b':b'deep\n','src/f3.txt/c':X})
commit('dir-to-file',{'src/f3.txt':base['src/f3.txt']})
commit('dir-to-dir-file-deep',{'d/e/f/g':b'1\n','d/e/h':b'2\n'})
commit('dir-to-file-deep',{'d':b'now a file\n'})
commit('file-to-dir-deep',{'d':None,'d/e/f/g':b'1\n'})
commit('dir-to-link',{'d':L(b'src')})
commit('link-to-dir',{'d':None,'d/x':b'1\n'})
commit('empty-create',{'e1':b'','e2':('100755',b''),'e/e3':b''})
commit('empty-fill-and-clear',{'e1':b'full\n','src/f4.txt':b'','e2':('100644',b'')})
commit('empty-rename',{'e/e3':None,'e/e4':b''})
commit('empty-delete',{'e1':None,'e2':None,'e':None})
commit('ends-create',{'crlf':b'a\r\nb\r\nc\r\n','noeol':b'a\nb','cr':b'a\rb\rc','mixed':b'a\r\nb\nc\rd','onlynl':b'\n','twonl':b'\n\n','bom':b'\xef\xbb\xbfx\n','latin':b'caf\xe9\nl\x85ine\n','utf16':'a\nb\n'.encode('utf-16'),'nul':b'a\0b\n','nulfar':b'a\n'*9000+b'\0\n','ff':b'a\x0cb\x0b\n\x1c\x1d\n'})
commit('ends-change',{'crlf':b'a\r\nB\r\nc\r\n','noeol':b'a\nb\nc','cr':b'a\rB\rc','mixed':b'a\r\nb\r\nc\rD','onlynl':b'\n\n','twonl':b'\n','bom':b'x\n','latin':b'caf\xe9\nl\x85ine2\n','utf16':'a\nc\n'.encode('utf-16'),'nul':b'a\0c\n','nulfar':b'b\n'+b'a\n'*8999+b'\0\n','ff':b'a\x0cb\x0b\n\x1c\x1dx\n'})
commit('ends-flip',{'crlf':b'a\nB\nc\n','noeol':b'a\nb\nc\n','mixed':b'a\nb','onlynl':b'x'})
commit('ends-flip2',{'crlf':b'a\r\nB\r\nc','noeol':b'a\nb\nc','mixed':b'','onlynl':b'x\n'})
commit('like-a-patch',{'p.patch':b'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\nGIT binary patch\nliteral 0\n-- \n2.1\n','q':b'-- a\n++ b\n@@ -1 @@\n'})
commit('like-a-patch2',{'p.patch':b'diff --git a/x b/x\n--- a/y\n+++ b/y\n@@ -1,2 +1 @@\n-a\n+c\n\\ No newline at end of file\nGIT binary patch\nliteral 1\n-- \n2.2\n','q':b'-- b\n++ c\n@@ -2 @@\n'})
commit('hunk-context-odd',{'h':b''.join(b'func\x85\xa0 \xff%d {\r\n'%i+b' body\n'*12 for i in range(20))})
commit('hunk-context-odd2',{'h':b''.join(b'func\x85\xa0 \xff%d {\r\n'%i+b' body\n'*11+b' body%d\n'%(i%3) for i in range(20))})
commit('attributes',{'.gitattributes':b'* text=auto eol=crlf\n*.bin filter=lfs diff=lfs merge=lfs -text\n*.id ident\n*.u16 working-tree-encoding=UTF-16\n*.x export-subst\n*.b binary\n*.j diff=java\n','a.bin':b'version https://git-lfs.github.com/spec/v1\noid sha256:'+b'0'*64+b'\nsize 5\n','a.id':b'$Id$\n','a.u16':b'plain\n','a.x':b'$Format:%H$\n','a.b':b'text\n','a.j':b'class A {}\n','crlf2':b'a\nb\r\n'})
commit('attributes2',{'a.bin':b'version https://git-lfs.github.com/spec/v1\noid sha256:'+b'1'*64+b'\nsize 6\n','a.id':b'$Id$ x\n','a.u16':b'plain2\n','a.b':b'text2\n','a.j':b'class B {}\n','crlf2':b'a\r\nb\r\n','src/.gitattributes':b'* -diff\n','src/f5.txt':b'1\n'})
commit('ignore',{'.gitignore':b'*\n!*.keep\ntarget/\nnode_modules/\n','a.keep':b'1\n','ignored.txt':b'tracked all the same\n','target/x':b'1\n','sub/.gitignore':b'!y\n','sub/y':b'1\n','sub/z':b'1\n'})
commit('ignore2',{'ignored.txt':b'changed\n','target/x':None,'target/y':X,'sub/z':None,'another.log':b'1\n','deep/er/i':b'1\n'})
commit('ignore3',{'.gitignore':None,'ignored.txt':None,'another.log':None,'deep':None})
commit('tracked-build-dirs',{'node_modules/m/index.js':b'x\n','target/classes/A.class':b'\xca\xfe\xba\xbe\0','build/o':b'1\n','__pycache__/a.pyc':b'\0','.pytest_cache/x':b'1','coverage/l':b'1\n','.nyc_output/x':b'1\n'})
commit('tracked-build-dirs2',{'node_modules/m/index.js':b'y\n','node_modules/n':b'1\n','target/classes/A.class':b'\xca\xfe\xba\xbe\1','build':None,'__pycache__':None})
commit('hidden-like',{'.env':b'A=1\n','k.pem':b'-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n','id_rsa':b'x\n','.npmrc':b'x=1\n','.ssh/config':b'x\n','.aws/credentials':b'aws_secret_access_key = AKIAIOSFODNN7EXAMPLE\n'})
commit('hidden-like2',{'.env':b'A=2\n','k.pem':None,'id_rsa':b'y\n','.aws':None})
commit('control-files',{'.github/workflows/ci.yml':b'on: push\n','.mvn/jvm.config':b'-X\n','.mvn/extensions.xml':b'<x/>\n','mvnw':X,'.gitmodules':b'[submodule "x"]\n\tpath = x\n\turl = ../x\n','.husky/pre-commit':X,'.vscode/settings.json':b'{}','.gitkeep':b'','.gitconfig':b'[x]\n','hooks/post-commit':X,'CODEOWNERS':b'* @a\n','.tarsfile':b'1\n'})
commit('control-files2',{'.github/workflows/ci.yml':None,'.mvn':None,'mvnw':('100644',X[1]),'.gitmodules':None,'.husky':None})
S=('160000',b'1234567890123456789012345678901234567890'); S2=('160000',b'2234567890123456789012345678901234567890')
commit('submodule-add',{'.gitmodules':b'[submodule "m"]\n\tpath = m\n\turl = ../m\n','m':S})
commit('submodule-change',{'m':S2,'src/f6.txt':b'with\n'})
commit('submodule-only',{'m':S})
commit('submodule-to-dir',{'m':None,'m/file':b'1\n','.gitmodules':None})
commit('dir-to-submodule',{'m':None,'m2':S,'src/f7.txt':S})
commit('submodule-to-file',{'m2':b'file\n','src/f7.txt':L(b'f8.txt')})
commit('case',{'Readme':b'1\n','readme':b'2\n','README':b'3\n'})
commit('case-rename',{'Readme':None,'reaDme':b'1\n'})
commit('case-dirs',{'Dir/a':b'1\n','dir/a':b'2\n'})
commit('dir-case-rename',{'Dir':None,'dIr/a':b'1\n'})
big={f'src/f{i}.txt':base[f'src/f{i}.txt'] for i in range(10,20)}
commit('swap',{'src/f10.txt':base['src/f11.txt']+b's\n','src/f11.txt':base['src/f10.txt']+b't\n'})
commit('rename-chain',{'src/f12.txt':None,'src/f13.txt':base['src/f12.txt']+b'1\n','src/f14.txt':base['src/f13.txt']+b'2\n','src/f14b.txt':base['src/f14.txt']})
commit('rename-dir',{**{f'src/f{i}.txt':None for i in range(15,30)},**{f'lib/deep/f{i}.txt':base[f'src/f{i}.txt'] for i in range(15,30)}})
commit('rename-onto-dir-of-self',{'lib/deep':None,**{f'lib/deep/f15.txt/f{i}.txt':base[f'src/f{i}.txt'] for i in range(15,30)}})
commit('rename-up',{'lib':None,**{f'lib{i}':base[f'src/f{i}.txt'] for i in range(15,30)}})
commit('big-text',{'big.txt':b''.join(b'line %d of a long file\n'%i for i in range(60000))})
commit('big-text2',{'big.txt':b''.join(b'line %d of a long file%s\n'%(i,b'!' if i%7==0 else b'') for i in range(60000))})
import random; random.seed(1)
rnd=random.randbytes(6_000_000)
commit('big-binary',{'big.bin':rnd,'longline':b'x'*3_000_000})
commit('big-binary2',{'big.bin':rnd[:3_000_000]+b'middle'+rnd[3_000_000:],'longline':b'x'*2_000_000+b'y\n'+b'x'*10})
commit('big-binary-delete',{'big.bin':None,'longline':None,'big.txt':None})
commit('many',{f'many/{i%50}/{i}.txt':b'%d\n'%i for i in range(3000)})
commit('many-change',{f'many/{i%50}/{i}.txt':b'%d!\n'%i for i in range(3000)})
commit('many-delete',{'many':None})
commit('deep',{'/'.join(['deep%d'%i for i in range(120)])+'/f':b'1\n'})
commit('deep-delete',{'deep0':None})
commit('same-tree',{})
m=commit('side',{'side':b'1\n'})
commit('merge',{'merged':b'1\n'},parents=[m,root])
commit('dangerous-git-names',{'git~1/config':b'[core]\n','x/.git /hooks/p':b'1\n'})
